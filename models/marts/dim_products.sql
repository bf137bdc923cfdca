{{ config(
    indexes=[{'columns': ['product_id'], 'unique': true}]
) }}

select
  products.product_id,
  products.product_name,
  products.product_category,
  products.product_price,
  products.product_created_at,
  count(lines.order_id) as order_count,
  coalesce(sum(lines.quantity), 0) as units_sold,
  coalesce(sum(lines.total_amount), 0) as total_amount
from {{ ref('stg_products') }} as products
left join {{ ref('int_order_lines') }} as lines on lines.product_id = products.product_id
group by
  products.product_id,
  products.product_name,
  products.product_category,
  products.product_price,
  products.product_created_at
