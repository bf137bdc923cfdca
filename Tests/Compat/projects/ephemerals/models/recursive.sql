{{ config(materialized='table') }}
WITH RECURSIVE up(n) as (select 1 union all select n + 1 from up where n < 5)
select * from up join {{ ref('e2') }} on id = n
