select * from {{- source('raw', 'events') -}}
union all
select * from {{ source('raw', 'events') }} {{ config(meta={'a': ['b', True]}) }}
