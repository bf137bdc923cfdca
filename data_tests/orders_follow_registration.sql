{{ config(tags=['dates']) }}
-- Nobody can order before they have an account.
select orders.order_id, orders.order_date, customers.customer_created_at
from {{ ref('stg_orders') }} as orders
inner join {{ ref('stg_customers') }} as customers on customers.customer_id = orders.customer_id
where orders.order_date < customers.customer_created_at::date
