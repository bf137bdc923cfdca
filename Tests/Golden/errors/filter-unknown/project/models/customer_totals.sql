select
    {{ 'name' | uper }}
from {{ ref('stg_orders') }}
