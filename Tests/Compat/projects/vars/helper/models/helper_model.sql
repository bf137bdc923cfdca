select '{{ var("shared") }}' as shared, '{{ var("helper_only") }}' as helper_only,
  '{{ var("helper_default") }}' as helper_default, '{{ var("only_here", "not mine") }}' as only_here
