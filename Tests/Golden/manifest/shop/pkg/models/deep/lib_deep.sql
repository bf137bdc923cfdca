select * from {{ ref('lib_base') }}
