select
    {{ cents_to_units('amount', 2, 'half-even') }} as amount
from {{ ref('raw_orders') }}
