select * from {{ ref('fct') }} union all select *, 1 from {{ ref('fct', v=1) }} -- {{ ref('lib', 'lib_base') }} {{ function('area') }}
