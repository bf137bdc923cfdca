select
  product_id,
  {{ clean_text('product_name') }} as product_name,
  product_category,
  product_price,
  product_created_at
from {{ ref('products') }}
