select
    {{ cents_to_unit('amount') }} as amount
from {{ ref('raw_customers') }}
