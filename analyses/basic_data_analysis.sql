-- What is in this tenant's database: a line a fact.
with facts as (
  select 1 as line, 'customers' as topic, 'accounts' as measure, count(*)::text as value
  from {{ ref('dim_customers') }}
  union all
  select 2, 'customers', 'who have bought', count(*)::text
  from {{ ref('dim_customers') }} where order_count > 0
  union all
  select 3, 'customers', 'without valid mail', count(*)::text
  from {{ ref('stg_customers_tenant') }} where not is_valid_email
  union all
  select 4, 'products', 'in the catalogue', count(*)::text
  from {{ ref('dim_products') }}
  union all
  select 5, 'products', 'categories', count(distinct product_category)::text
  from {{ ref('dim_products') }}
  union all
  select 6, 'regions', 'delivered to', count(*)::text
  from {{ ref('stg_regions') }}
  union all
  select 7, 'orders', 'in all', count(*)::text
  from {{ ref('fact_orders') }}
  union all
  select 8, 'orders', 'first day', min(order_date)::text
  from {{ ref('fact_orders') }}
  union all
  select 9, 'orders', 'last day', max(order_date)::text
  from {{ ref('fact_orders') }}
  union all
  select 10, 'sales', 'sum', to_char(sum(total_amount), 'FM999,999,999,990.00')
  from {{ ref('fact_orders') }}
  union all
  select 11, 'sales', 'mean order', to_char(avg(total_amount), 'FM999,999,990.00')
  from {{ ref('fact_orders') }}
  union all
  select 12, 'sales', 'taken off by coupons', to_char(sum(discount_amount), 'FM999,999,990.00')
  from {{ ref('fact_orders') }}
)

select '{{ get_tenant_name() }}' as tenant, topic, measure, value
from facts
order by line
