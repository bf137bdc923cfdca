select *
from {{ source('billing', 'paymnts') }}
