select
    '{{ env_var("SHOP_REGION") }}' as region
from {{ ref('stg_orders') }}
