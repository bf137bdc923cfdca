{% snapshot snp_products %}

{{ config(
    unique_key='product_id',
    strategy='check',
    check_cols=['product_price', 'product_category']
) }}

select
  product_id,
  product_name,
  product_category,
  product_price,
  product_created_at
from {{ ref('stg_products') }}

{% endsnapshot %}
