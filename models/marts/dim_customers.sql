with history as (
  select
    customer_id,
    min(order_date) as first_order_date,
    max(order_date) as last_order_date,
    count(*) as order_count,
    sum(total_amount) as lifetime_amount
  from {{ ref('stg_orders') }}
  group by customer_id
)

select
  customers.customer_id,
  customers.tenant_name,
  customers.customer_name,
  customers.customer_email,
  customers.email_status,
  customers.customer_created_at,
  customers.region_id,
  coalesce(regions.region_name, 'unknown') as region_name,
  history.first_order_date,
  history.last_order_date,
  coalesce(history.order_count, 0) as order_count,
  coalesce(history.lifetime_amount, 0) as lifetime_amount,
  case
    when history.order_count is null then 'never bought'
    when history.order_count >= 30 then 'regular'
    when history.order_count >= 5 then 'returning'
    else 'occasional'
  end as customer_segment
from {{ ref('stg_customers_tenant') }} as customers
left join history on history.customer_id = customers.customer_id
left join {{ ref('stg_regions') }} as regions on regions.region_id = customers.region_id
