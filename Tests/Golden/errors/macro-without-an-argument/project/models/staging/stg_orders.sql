select
    {{ cents_to_units() }} as amount
from {{ ref('raw_orders') }}
