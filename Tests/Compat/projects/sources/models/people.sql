select *, '{{ source("raw", "people").database }}' as db, '{{ source("raw", "people").name }}' as nm,
  '{{ source("raw", "people").include(database=false) }}' as short,
  '{{ source("bare", "things").schema }}' as sch
from {{ source('raw', 'people') }} join {{ source('raw', 'visits') }} using (id)
