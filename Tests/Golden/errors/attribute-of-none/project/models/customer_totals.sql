{% set column = none %}
select
    {{ column.name.upper() }}
from {{ ref('stg_orders') }}
