{# What a snapshot's own columns are called; `snapshot_meta_column_names` may rename each. #}

{% macro get_snapshot_table_column_names() %}
  {%- set names = {} -%}
  {%- for name in ('dbt_valid_to', 'dbt_valid_from', 'dbt_scd_id', 'dbt_updated_at', 'dbt_is_deleted') -%}
    {%- do names.update({name: name}) -%}
  {%- endfor -%}
  {{ return(names) }}
{% endmacro %}

{% macro tenon_snapshot_columns() %}
  {{ return(config.get('snapshot_table_column_names') or get_snapshot_table_column_names()) }}
{% endmacro %}

{# The end of a row that is still valid: null, or a far date of the project's choice; typed like updated_at. #}
{% macro get_dbt_valid_to_current(strategy, columns) %}
  coalesce(nullif({{ strategy.updated_at }}, {{ strategy.updated_at }}), {{ config.get('dbt_valid_to_current') or 'null' }})
  as {{ columns.dbt_valid_to }}
{% endmacro %}

{# The condition that a row of `alias` (with its dot, or '') is still valid. #}
{% macro tenon_snapshot_is_current(columns, alias='') %}
  {%- set valid_to = alias ~ columns.dbt_valid_to -%}
  {%- set far_date = config.get('dbt_valid_to_current') -%}
  {%- if far_date -%}
    ({{ equals(valid_to | trim, far_date | trim) }} or {{ valid_to }} is null)
  {%- else -%}
    {{ valid_to }} is null
  {%- endif -%}
{% endmacro %}
