{#- Orders with what is known of product and customer. Ephemeral: each mart that refs it inlines it. -#}
select
  orders.order_id,
  orders.order_date,
  orders.customer_id,
  orders.product_id,
  products.product_name,
  products.product_category,
  customers.region_id,
  orders.quantity,
  products.product_price as list_price,
  orders.quantity * products.product_price as gross_amount,
  orders.total_amount,
  orders.quantity * products.product_price - orders.total_amount as discount_amount
from {{ ref('stg_orders') }} as orders
inner join {{ ref('stg_products') }} as products on products.product_id = orders.product_id
inner join {{ ref('stg_customers') }} as customers on customers.customer_id = orders.customer_id
