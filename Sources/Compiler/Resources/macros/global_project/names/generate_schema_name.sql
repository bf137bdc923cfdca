{#
  Where a node lands. Projects override these three names freely, so each is only a dispatcher over a
  default. The engine trims what comes back: white space around a name never counts.
#}

{% macro generate_schema_name(custom_schema_name=none, node=none) -%}
  {{ return(adapter.dispatch('generate_schema_name', 'dbt')(custom_schema_name, node)) }}
{%- endmacro %}

{% macro default__generate_schema_name(custom_schema_name, node) -%}
  {{ target.schema ~ ('' if custom_schema_name is none else '_' ~ (custom_schema_name | trim)) }}
{%- endmacro %}

{# A ready-made alternative: custom schemas as they are, but in the target called prod alone. #}
{% macro generate_schema_name_for_env(custom_schema_name, node) -%}
  {{ target.schema if custom_schema_name is none or target.name != 'prod' else custom_schema_name | trim }}
{%- endmacro %}
