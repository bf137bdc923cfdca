select id from {{ ref('m1') }}
