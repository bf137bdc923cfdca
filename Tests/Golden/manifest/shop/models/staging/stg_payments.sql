select * from {{ ref('raw_payments') }}
