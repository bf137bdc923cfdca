select
    {{ cents_to_units('amount', digts=2) }} as amount
from {{ ref('raw_orders') }}
