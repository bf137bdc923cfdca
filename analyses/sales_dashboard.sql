-- Sales month by month: how much, how many, and how it grew.
with months as (
  select
    date_trunc('month', order_date)::date as month,
    sum(order_count) as orders,
    sum(units_sold) as units,
    sum(total_amount) as amount,
    max(total_amount) as best_day
  from {{ ref('agg_daily_sales') }}
  group by date_trunc('month', order_date)::date
)

select
  to_char(month, 'YYYY-MM') as month,
  orders,
  to_char(amount, 'FM999,999,990') as amount,
  coalesce(
    to_char(100 * amount / lag(amount) over (order by months.month) - 100, 'FMSG990.0') || ' %', ''
  ) as growth,
  to_char(amount / orders, 'FM999,990') as per_order,
  to_char(best_day, 'FM999,999,990') as best_day,
  units,
  repeat('█', round(20 * amount / max(amount) over ())::integer) as bar
from months
order by months.month
