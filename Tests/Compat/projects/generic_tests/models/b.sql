{{ config(materialized='ephemeral') }}
select id, kind from {{ ref('a') }}
