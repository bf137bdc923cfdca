select *
from {{ source('billing', 'paymnts') }}
{% if true %}
