{#
  Stops a model whose query does not return what its contract says: as many columns, by the same names, of the same
  types, in any order. Both sides are asked of the server, so that synonyms of types are equal.
#}

{%- macro get_assert_columns_equivalent(sql) -%}
  {{ adapter.dispatch('get_assert_columns_equivalent', 'dbt')(sql) }}
{%- endmacro -%}

{% macro default__get_assert_columns_equivalent(sql) -%}
  {{ return(assert_columns_equivalent(sql)) }}
{%- endmacro %}

{% macro assert_columns_equivalent(sql) %}
  {%- if not model['columns'] -%}
    {{ exceptions.raise_contract_error([], []) }}
  {%- endif -%}
  {%- set actual = format_columns(get_column_schema_from_query(sql, config.get('sql_header', none))) -%}
  {%- set declared = format_columns(get_column_schema_from_query(get_empty_schema_sql(model['columns']))) -%}
  {%- set kinds = {} -%}
  {%- for column in declared if column['name'] not in kinds -%}
    {%- do kinds.update({column['name']: column['formatted']}) -%}
  {%- endfor -%}
  {%- set strange = [] -%}
  {%- for column in actual if kinds.get(column['name']) != column['formatted'] -%}
    {%- do strange.append(column) -%}
  {%- endfor -%}
  {%- if strange or actual | length != declared | length -%}
    {%- do exceptions.raise_contract_error(declared, actual) -%}
  {%- endif -%}
{% endmacro %}

{# How columns are compared, and shown when they differ. #}
{% macro format_columns(columns) %}
  {%- set formatted = [] -%}
  {%- for column in columns -%}
    {%- do formatted.append(adapter.dispatch('format_column', 'dbt')(column)) -%}
  {%- endfor -%}
  {{ return(formatted) }}
{% endmacro %}

{% macro default__format_column(column) -%}
  {{ return({
    'name': column.name,
    'data_type': column.dtype,
    'formatted': column.column | lower ~ ' ' ~ column.dtype
  }) }}
{%- endmacro -%}
