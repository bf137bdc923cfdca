select *
from {{ source('biling', 'payments') }}
