{# What has no value is not in `model`. #}
select '{{ model.keys() | sort | join(" ") }}' as fields,
  {{ 'build_path' in model }} as has_build_path,
  '{{ model.config.keys() | sort | join(" ") }}' as settings
