select id, upper(name) as name, {{ factor() }} * {{ unit_tests._scale() }} * id as big, '{{ var("word", "w") }}' as word, '{{ env_var("COMPAT_UNSET", "e") }}' as env
from {{ ref('base') }} join {{ source('raw', 'extra') }} using (id)
