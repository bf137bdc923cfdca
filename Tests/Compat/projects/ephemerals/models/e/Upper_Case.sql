select id as "ID" from {{ ref('e3') }}

