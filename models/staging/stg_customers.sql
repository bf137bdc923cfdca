select
  customer_id,
  {{ clean_text('customer_name') }} as customer_name,
  lower({{ clean_text('customer_email') }}) as customer_email,
  customer_created_at,
  region_id
from {{ ref('customers') }}
