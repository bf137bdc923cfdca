{{ config(enabled=true, schema=none) }}
select 5 as id
