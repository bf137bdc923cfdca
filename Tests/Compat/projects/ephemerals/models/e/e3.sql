{#- two parents, one of them twice -#}
select a.id from {{ ref('e2') }} as a join {{ ref('e1') }} as b using (id) join {{ ref('e2') }} as c using (id)
