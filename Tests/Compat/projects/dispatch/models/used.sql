select
  '{{ which() }}' as which,
  '{{ only_default(1) }} {{ only_default(2, y="z") }} {{ only_default("k", "w") }}' as arguments,
  '{{ gives_list()[2]["c"] }} {{ gives_list() | length }}' as list,
  '{{ gives_text() }}|{{ gives_text() | trim }}' as text,
  '{% call wraps() %}inside {{ which() }}{% endcall %}' as called,
  '{% call(a, b) wraps_with() %}{{ a }}-{{ b }}{% endcall %}' as called_with,
  '{{ counts(3) }}' as counted,
  '{{ all_arguments(1, "two", three=3) | replace("'", "") }}' as arguments_seen,
  '{{ dispatch.which() }}' as qualified,
  '{{ context["which"]() }}' as through_context
from {{ ref('a') }} join {{ ref('dispatch', 'a') }} using (id)
