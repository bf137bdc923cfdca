{# MERGE came with version 15 of the server; an update and an insert do as well. #}

{% macro postgres__snapshot_merge_sql(target, source, insert_cols) -%}
    {%- set columns = tenon_snapshot_columns() -%}
    {%- set valid_to = target ~ '.' ~ columns.dbt_valid_to -%}
    {%- set far_date = config.get('dbt_valid_to_current') -%}
    update {{ target }}
    set {{ columns.dbt_valid_to }} = DBT_INTERNAL_SOURCE.{{ columns.dbt_valid_to }}
    from {{ source }} as DBT_INTERNAL_SOURCE
    where DBT_INTERNAL_SOURCE.{{ columns.dbt_scd_id }}::text = {{ target }}.{{ columns.dbt_scd_id }}::text
      and DBT_INTERNAL_SOURCE.dbt_change_type::text in ('update'::text, 'delete'::text)
      and {{ '(' ~ valid_to ~ ' = ' ~ far_date ~ ' or ' ~ valid_to ~ ' is null)' if far_date else valid_to ~ ' is null' }};

    insert into {{ target }} ({{ insert_cols | join(', ') }})
    select {% for name in insert_cols %}DBT_INTERNAL_SOURCE.{{ name }}{{ ', ' if not loop.last }}{% endfor %}
    from {{ source }} as DBT_INTERNAL_SOURCE
    where DBT_INTERNAL_SOURCE.dbt_change_type::text = 'insert'::text;
{% endmacro %}
