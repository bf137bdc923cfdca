{# A query without rows whose columns are those that a properties file declares; each needs a data_type. #}

{% macro get_empty_schema_sql(columns) -%}
  {{ return(adapter.dispatch('get_empty_schema_sql', 'dbt')(columns)) }}
{%- endmacro %}

{% macro default__get_empty_schema_sql(columns) %}
  {%- set untyped, imprecise = [], [] -%}
  select
  {% for column in columns.values() %}
    {%- if column['data_type'] is not defined -%}
      {%- do untyped.append(column['name']) -%}
    {%- elif column['data_type'] | trim | lower in ('numeric', 'decimal', 'number') -%}
      {%- do imprecise.append(column['name']) -%}
    {%- endif %}
    {{ cast('null', column['data_type']) }} as
    {{ adapter.quote(column['name']) if column.get('quote') else column['name'] }}{{ ', ' if not loop.last }}
  {%- endfor -%}
  {%- if untyped -%}
    {{ exceptions.column_type_missing(column_names=untyped) }}
  {%- elif imprecise -%}
    {{ exceptions.warn(
      'Detected columns with numeric type and unspecified precision/scale, this can lead to unintended rounding: '
      ~ imprecise ~ '`'
    ) }}
  {%- endif -%}
{% endmacro %}
