{{ config(materialized='incremental', on_schema_change='fail') }}
select id{{ ', 1 as extra' if var('phase') == 2 }} from {{ ref('people') }}
