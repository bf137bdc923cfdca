select
{% if target.name == 'dev' %}
    customer_id
{% elseif target.name == 'prod' %}
    customer_id + 1
{% endif %}
from {{ ref('stg_orders') }}
