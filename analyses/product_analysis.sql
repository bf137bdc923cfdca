-- Products by what they earned, with their rank in the category and their share of all sales.
select
  rank() over (order by total_amount desc) as place,
  product_name as product,
  product_category as category,
  to_char(total_amount, 'FM999,999,990') as amount,
  to_char(100 * total_amount / nullif(sum(total_amount) over (), 0), 'FM990.0') || ' %' as share,
  order_count as orders,
  units_sold as units,
  rank() over (partition by product_category order by total_amount desc) as in_category
from {{ ref('dim_products') }}
order by total_amount desc, product_id
