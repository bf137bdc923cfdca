{{ config(alias='three_alias', schema='other', materialized='view', full_refresh=false) }}
select * from {{ ref('two') }}
