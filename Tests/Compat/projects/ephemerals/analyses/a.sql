select count(*) from {{ ref('e2') }}
