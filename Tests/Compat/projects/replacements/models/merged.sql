{{ config(materialized='incremental', incremental_strategy='merge', unique_key='id', merge_exclude_columns=['NAME'],
          incremental_predicates=['DBT_INTERNAL_DEST.id < 3']) }}
select id, name || {{ var('phase') }} as name, {{ var('phase') }} as phase from {{ ref('people') }} where id < 3
