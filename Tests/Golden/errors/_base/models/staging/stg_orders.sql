select
    order_id,
    customer_id,
    {{ cents_to_units('amount') }} as amount
from {{ ref('raw_orders') }}
