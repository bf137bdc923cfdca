select *
from {{ ref('customer_totals') }}
where totl < 0
