with "a b" (x) as materialized (select 1), c as not materialized (select 2 as y)
select * from "a b", c, {{ ref('e1') }}
