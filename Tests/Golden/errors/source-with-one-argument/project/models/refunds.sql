select *
from {{ source('payments') }}
