{{ config(materialized='table') }}
select 1 as id, 'a' as name, '2024-01-01'::date as day
