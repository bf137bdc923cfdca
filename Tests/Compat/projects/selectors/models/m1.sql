select * from {{ source('raw', 't1') }}
