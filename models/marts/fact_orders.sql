{{ config(
    indexes=[
      {'columns': ['order_id'], 'unique': true},
      {'columns': ['order_date']}
    ]
) }}

select
  order_id,
  order_date,
  customer_id,
  product_id,
  product_category,
  region_id,
  quantity,
  list_price,
  gross_amount,
  discount_amount,
  total_amount,
  discount_amount > 0 as is_discounted,
  '{{ get_tenant_name() }}'::text as tenant_name
from {{ ref('int_order_lines') }}
