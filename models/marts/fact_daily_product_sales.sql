{#- Grows day by day. The last days are built again, since orders of a day may arrive late. -#}
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['order_date', 'product_id'],
    on_schema_change='append_new_columns'
) }}

select
  order_date,
  product_id,
  product_category,
  count(*) as order_count,
  sum(quantity) as units_sold,
  sum(total_amount) as total_amount
from {{ ref('fact_orders') }}
{% if is_incremental() -%}
where order_date >= (select coalesce(max(order_date), date '2000-01-01') - 7 from {{ this }})
{% endif -%}
group by order_date, product_id, product_category
