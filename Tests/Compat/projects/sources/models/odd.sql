select * from {{ source('hyphen-ated source', 'table with space') }}
