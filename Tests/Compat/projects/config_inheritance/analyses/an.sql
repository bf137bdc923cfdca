{{ config(tags=['analysis']) }}
select count(*) from {{ ref('two') }}
