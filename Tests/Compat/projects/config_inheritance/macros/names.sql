{% macro generate_schema_name(custom_schema_name, node) -%}
  {%- if custom_schema_name is none -%}{{ target.schema }}
  {%- elif node.resource_type == 'seed' -%}{{ custom_schema_name | trim }}_seeds
  {%- else -%}{{ default__generate_schema_name(custom_schema_name, node) }}
  {%- endif -%}
{%- endmacro %}

{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
  {{ (custom_alias_name or node.name) | trim }}{{ '_v' if node.config.materialized == 'incremental' }}
{%- endmacro %}
