{{ config(materialized='table') }}
select 1::integer as id, 'x'::text as name, now() as at
