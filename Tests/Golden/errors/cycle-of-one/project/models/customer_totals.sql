select *
from {{ ref('customer_totals') }}
