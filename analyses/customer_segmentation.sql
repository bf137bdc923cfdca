-- Who buys: customers by segment, and how much of the sales each segment brings.
with segments as (
  select
    customer_segment,
    count(*) as customers,
    sum(order_count) as orders,
    sum(lifetime_amount) as amount,
    max(last_order_date) as last_order
  from {{ ref('dim_customers') }}
  group by customer_segment
)

select
  customer_segment as segment,
  customers,
  orders,
  to_char(amount, 'FM999,999,990') as amount,
  to_char(100 * amount / nullif(sum(amount) over (), 0), 'FM990.0') || ' %' as share,
  round(orders / customers, 1) as orders_each,
  last_order
from segments
order by segments.amount desc, segment
