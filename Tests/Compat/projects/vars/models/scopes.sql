select
  '{{ var("shared") }}' as shared,
  '{{ var("only_here") }}' as only_here,
  '{{ var("from_cli") }}' as from_cli,
  '{{ var("nested").deep[1]["k"] }}' as nested,
  '{{ var("absent", "fallback") }}' as absent,
  '{{ var("absent", none) }}' as none_default,
  '{{ var.has_var("absent") }} {{ var.has_var("number") }}' as has,
  '{{ helper.tell("shared") }}' as from_package,
  '{{ helper.tell("nowhere") }}' as from_package_default,
  '{{ env_var("COMPAT_WORD") }}' as word,
  '{{ env_var("COMPAT_ABSENT", "none set") }}' as word_default,
  '{{ dbt_metadata_envs }}' as custom
