select id, name from {{ ref('strict') }}
