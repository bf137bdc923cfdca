{# Warns when updated_at is of another type than the clock: comparing the two may shift hours. #}

{% macro check_time_data_types(sql) %}
  {%- set column_type = get_updated_at_column_data_type(sql) -%}
  {%- set clock_type = get_snapshot_get_time_data_type() -%}
  {%- if column_type is not none and clock_type is not none and column_type != clock_type -%}
    {%- if exceptions.warn_snapshot_timestamp_data_types -%}
      {{ exceptions.warn_snapshot_timestamp_data_types(clock_type, column_type) }}
    {%- endif -%}
  {%- endif -%}
{% endmacro %}

{% macro get_updated_at_column_data_type(snapshot_sql) %}
  {%- set found = get_column_schema_from_query(snapshot_sql)
    | selectattr('column', 'in', ('dbt_updated_at', 'DBT_UPDATED_AT')) | list -%}
  {{ return((found | last).dtype if found else none) }}
{% endmacro %}

{% macro get_snapshot_get_time_data_type() %}
  {%- set clock = get_column_schema_from_query(
    'select ' ~ adapter.dispatch('snapshot_get_time', 'dbt')() ~ ' as dbt_snapshot_time'
  ) -%}
  {{ return(clock[0].dtype or none) }}
{% endmacro %}
