-- The joins on the way from the seed to the facts must neither lose nor multiply orders.
with counted as (
  select
    (select count(*) from {{ ref('orders') }}) as orders_in_seed,
    (select count(*) from {{ ref('fact_orders') }}) as orders_in_facts,
    (select sum(total_amount) from {{ ref('orders') }}) as amount_in_seed,
    (select sum(total_amount) from {{ ref('agg_daily_sales') }}) as amount_in_days,
    (select sum(total_amount) from {{ ref('fact_daily_product_sales') }}) as amount_in_increments
)

select *
from counted
where orders_in_seed <> orders_in_facts
  or amount_in_seed <> amount_in_days
  or amount_in_seed <> amount_in_increments
