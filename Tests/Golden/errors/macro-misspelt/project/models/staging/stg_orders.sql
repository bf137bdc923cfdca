select
    order_id,
    {{ cents_to_unit('amount') }} as amount
from {{ ref('raw_orders') }}
