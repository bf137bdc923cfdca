{{ config(materialized='table') }}
select * from {{ ref('m2') }}
