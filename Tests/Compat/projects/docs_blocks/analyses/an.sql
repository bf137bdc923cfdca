select count(*) as n from {{ ref('m') }} -- {{ second() }}
