{# Rows whose key comes again are deleted first; `incremental_predicates` narrow the search. #}

{% macro get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates) -%}
  {{ adapter.dispatch('get_delete_insert_merge_sql', 'dbt')(
    target, source, unique_key, dest_columns, incremental_predicates
  ) }}
{%- endmacro %}

{% macro default__get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates) -%}
    {%- if unique_key -%}
    {%- set key = unique_key if unique_key is string else unique_key | join(', ') -%}
    delete from {{ target }} as DBT_INTERNAL_DEST
    where ({{ key }}) in (
        select distinct {{ key }}
        from {{ source }} as DBT_INTERNAL_SOURCE
    )
    {%- for predicate in incremental_predicates or [] %}
    and {{ predicate }}
    {%- endfor -%};
    {% endif %}
    {{- tenon_insert_sql(target, source, dest_columns) }}
{%- endmacro %}
