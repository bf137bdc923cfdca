{#
  Rows into the table. The engine streams the file to the server by COPY; where it does not offer that, rows are
  inserted with parameters, some thousands at a time. Returns a statement to show in target/run.
#}

{% macro load_csv_rows(model, agate_table) -%}
  {{ adapter.dispatch('load_csv_rows', 'dbt')(model, agate_table) }}
{%- endmacro %}

{% macro default__load_csv_rows(model, agate_table) %}
  {%- set columns = get_seed_column_quoted_csv(model, agate_table.column_names) -%}
  {%- if adapter.copy_seed is defined -%}
    {{ return(adapter.copy_seed(relation=this, agate_table=agate_table, columns=columns)) }}
  {%- endif -%}
  {{ return(tenon_insert_rows(columns, agate_table)) }}
{% endmacro %}

{% macro tenon_insert_rows(columns, agate_table) %}
  {%- set one_row = '(' ~ ([get_binding_char() | trim] * (agate_table.column_names | length)) | join(',') ~ ')' -%}
  {%- set shown = [] -%}
  {%- for rows in agate_table.rows | batch(get_batch_size()) -%}
    {%- set values = [] -%}
    {%- for row in rows -%}
      {%- do values.extend(row) -%}
    {%- endfor -%}
    {%- set sql = 'insert into ' ~ this.render() ~ ' (' ~ columns ~ ') values\n  ' ~ ([one_row] * (rows | length)) | join(',') -%}
    {%- do adapter.add_query(sql, bindings=values, abridge_sql_log=True) -%}
    {%- if loop.first -%}{%- do shown.append(sql) -%}{%- endif -%}
  {%- endfor -%}
  {{ return(shown[0]) }}
{% endmacro %}

{% macro get_seed_column_quoted_csv(model, column_names) %}
  {%- set quoting = model['config'].get('quote_columns', none) -%}
  {%- set quoted = [] -%}
  {%- for name in column_names -%}
    {%- do quoted.append(adapter.quote_seed_column(name, quoting)) -%}
  {%- endfor -%}
  {{ return(quoted | join(', ')) }}
{% endmacro %}

{# How a parameter is written, and how many rows one INSERT takes. #}
{% macro get_binding_char() -%}
  {{ adapter.dispatch('get_binding_char', 'dbt')() }}
{%- endmacro %}

{% macro default__get_binding_char() %}
  {{ return('%s') }}
{% endmacro %}

{% macro get_batch_size() -%}
  {{ return(adapter.dispatch('get_batch_size', 'dbt')()) }}
{%- endmacro %}

{% macro default__get_batch_size() %}
  {{ return(10000) }}
{% endmacro %}
