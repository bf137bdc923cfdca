select * from {{ ref('five') }} where id > {{ ref('six_source').identifier | length }}
