{{ config(materialized='table', unlogged=true, indexes=[
    {'columns': ['id'], 'unique': true},
    {'columns': ['name', 'id']},
    {'columns': ['lower(name)']},
    {'columns': ['id'], 'type': 'hash'}
]) }}
{% call set_sql_header(config) %}
set local work_mem = '8MB';
{% endcall %}
select id, name, {{ var('phase') }} as phase from {{ ref('people') }}
