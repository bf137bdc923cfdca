select
    customer_id {# the key
from {{ ref('stg_orders') }}
