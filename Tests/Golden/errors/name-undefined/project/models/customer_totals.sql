select
    {{ currency.lower() }}
from {{ ref('stg_orders') }}
