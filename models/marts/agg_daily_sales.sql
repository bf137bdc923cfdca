select
  order_date,
  count(*) as order_count,
  count(distinct customer_id) as customer_count,
  sum(quantity) as units_sold,
  sum(total_amount) as total_amount,
  sum(discount_amount) as discount_amount,
  round(avg(total_amount), 2) as average_order_amount
from {{ ref('fact_orders') }}
group by order_date
