select
    '{{ var("curency") }}' as currency
from {{ ref('stg_orders') }}
