select * from {{ ref('m3') }} join {{ ref('m4') }} using (id)
