{# What a hook may ask of the results: objects with datetimes, which `to_dict()` makes into texts. #}
{% macro described(results) -%}
  {%- for result in results | sort(attribute='node.unique_id') -%}
    {%- set all = result.to_dict() -%}
    {{ result.node.to_dict()['name'] }} {{ result.batch_results }} {{ all.keys() | list | join('+') }}
    {%- for timing in result.timing %} {{ timing.name }} {{ timing.completed_at >= timing.started_at -}}
      {{ ' ' ~ timing.to_dict().keys() | list | join('+') }} {{ timing.to_dict()['started_at'] | length }}
    {%- endfor %};
  {%- endfor -%}
{%- endmacro %}
