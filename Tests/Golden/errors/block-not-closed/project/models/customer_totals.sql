select
    customer_id
from {{ ref('stg_orders') }}
{% if target.name == 'dev' %}
where order_id > 100
