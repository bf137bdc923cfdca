select
    name,
    count(*) as orders,
from {{ ref('stg_customers') }}
group by name
