{{ config(materialized='incremental', unique_key='id', grants={
    'select': ['pg_monitor'] if var('phase') % 2 else ['pg_monitor', 'pg_read_all_data'],
    'insert': ['pg_monitor'] if var('phase') % 2 else []
}) }}
select id, name from {{ ref('people') }}
