{{ config(materialized='ephemeral') }}
select * from {{ ref('right') }}
