select
    {{ 100 + '5' }} as amount
from {{ ref('stg_orders') }}
