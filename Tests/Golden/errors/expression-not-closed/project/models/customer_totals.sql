select
    customer_id
from {{ ref('stg_orders' }}
where order_id > 100
