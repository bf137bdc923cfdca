{{ config(limit=3, fail_calc='sum(id)') }}
select id from {{ ref('a') }} where id < 0
