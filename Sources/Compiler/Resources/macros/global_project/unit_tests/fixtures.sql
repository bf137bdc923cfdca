{#
  Rows given in YAML or CSV as SQL. Names of columns are matched without regard to case; every value is cast to the type
  of the column that it stands in for.
#}

{# An input: one select for each row, columns that a row leaves out being null. #}
{% macro get_fixture_sql(rows, column_name_to_data_types) %}
-- Fixture for {{ model.name }}
{% set column_types, column_names = column_name_to_data_types, {} %}
{%- if not column_types -%}
  {%- set relation = defer_relation if defer_relation and not load_relation(this) else this -%}
  {%- set column_types = {} -%}
  {%- for column in adapter.get_columns_in_relation(relation) -%}
    {%- do column_types.update({column.name | lower: column.data_type}) -%}
    {%- do column_names.update({column.name | lower: column.quoted}) -%}
  {%- endfor -%}
  {%- if not column_types -%}
    {{ exceptions.raise_compiler_error(
      "Not able to get columns for unit test '" ~ model.name ~ "' from relation " ~ this
      ~ " because the relation doesn't exist"
    ) }}
  {%- endif -%}
{%- endif -%}
{%- set nulls = {} -%}
{%- for name, type in column_types.items() -%}
  {%- do nulls.update({name: safe_cast('null', type) | trim}) -%}
{%- endfor -%}
{{ validate_fixture_rows(rows, row_number) }}
{%- for row in rows -%}
  {%- set values = nulls.copy() -%}
  {%- do values.update(format_row(row, column_types)) -%}
{{ tenon_select_values(values, column_names) }}
{%- if not loop.last %}
union all
{% endif %}
{%- else -%}
{{ tenon_select_values(nulls, column_names) }}
    limit 0
{%- endfor -%}
{% endmacro %}

{# The expected rows, of which only the columns given are compared. #}
{% macro get_expected_sql(rows, column_name_to_data_types, column_name_to_quoted) %}
{%- for row in rows -%}
{{ tenon_select_values(format_row(row, column_name_to_data_types), column_name_to_quoted) }}
{%- if not loop.last %}
union all
{% endif %}
{%- else -%}
    select * from dbt_internal_unit_test_actual
    limit 0
{%- endfor -%}
{% endmacro %}

{% macro tenon_select_values(values, column_names) -%}
{%- set pairs = [] -%}
{%- for name, value in values.items() -%}
  {%- do pairs.append(value ~ ' as ' ~ column_names[name]) -%}
{%- endfor -%}
select {{ pairs | join(', ') }}
{%- endmacro %}

{# A row's values as SQL, by lower-case name. A name that the relation does not have is an error. #}
{%- macro format_row(row, column_name_to_data_types) -%}
  {%- set formatted = {} -%}
  {%- for given, value in row.items() -%}
    {%- set name = given | lower -%}
    {%- if name not in column_name_to_data_types -%}
      {%- set place = 'expected output' if model.resource_type == 'unit_test' else "'" ~ model.name ~ "'" -%}
      {{ exceptions.raise_compiler_error(
        "Invalid column name: '" ~ name ~ "' in unit test fixture for " ~ place
        ~ '.\nAccepted columns for ' ~ place ~ ' are: ' ~ (column_name_to_data_types.keys() | list)
      ) }}
    {%- endif -%}
    {%- set type = column_name_to_data_types[name] -%}
    {%- if value is string -%}
      {#- a cast to varchar(n) would cut a value that is too long, and hide the mistake -#}
      {%- set type = type.split('(')[0] if 'varying' in type else type -%}
      {%- set literal = dbt.string_literal(dbt.escape_single_quotes(value)) -%}
    {%- else -%}
      {%- set literal = 'null' if value is none else value -%}
    {%- endif -%}
    {%- do formatted.update({name: safe_cast(literal, type)}) -%}
  {%- endfor -%}
  {{ return(formatted) }}
{%- endmacro -%}

{# For adapters that cannot express every row. #}
{%- macro validate_fixture_rows(rows, row_number) -%}
  {{ return(adapter.dispatch('validate_fixture_rows', 'dbt')(rows, row_number)) }}
{%- endmacro -%}

{%- macro default__validate_fixture_rows(rows, row_number) -%}
{%- endmacro -%}
