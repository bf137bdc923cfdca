-- a comment before
with inner_one as (select * from {{ ref('e1') }})
select * from inner_one
