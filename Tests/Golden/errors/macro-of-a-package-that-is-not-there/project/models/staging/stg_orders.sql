select
    {{ dbt_utils.star(ref('raw_orders')) }}
from {{ ref('raw_orders') }}
