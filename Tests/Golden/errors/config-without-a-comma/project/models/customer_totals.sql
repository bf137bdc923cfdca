{{ config(
    materialized='table'
    tags=['daily']
) }}
select 1 as id
