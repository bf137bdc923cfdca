select * from {{ source('raw', 't2') }} join {{ ref('m1') }} using (id)
