{{ config(incremental_strategy='merge', unique_key='id', merge_update_columns=['name'], on_schema_change='sync_all_columns') }}
select id, name from {{ ref('base') }}
