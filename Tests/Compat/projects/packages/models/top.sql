select k, {{ small.times(4, 5) }} as twenty, '{{ greeting() }} {{ small.greeting() }}' as who,
  cast(k as {{ dbt.type_string() }}) as text_k
from {{ ref('uses_small') }}
union all select k, 0, '', '' from {{ ref('other', 'uses_small') }}
union all select k, 0, '', '' from {{ ref('extra') }}
-- {{ calls_tell() }} {{ small._hidden() }}
