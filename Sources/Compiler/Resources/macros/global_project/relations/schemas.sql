{# What `adapter.create_schema` and `adapter.drop_schema` call. #}

{% macro create_schema(relation) -%}
  {{ adapter.dispatch('create_schema', 'dbt')(relation) }}
{%- endmacro %}

{% macro default__create_schema(relation) -%}
  {%- do tenon_relation_ddl('create_schema', 'create schema if not exists ' ~ relation.without_identifier()) -%}
{%- endmacro %}

{% macro drop_schema(relation) -%}
  {{ adapter.dispatch('drop_schema', 'dbt')(relation) }}
{%- endmacro %}

{% macro default__drop_schema(relation) -%}
  {%- do tenon_relation_ddl('drop_schema', 'drop schema if exists ' ~ relation.without_identifier() ~ ' cascade') -%}
{%- endmacro %}

{# For cleaning up by hand, with `run-operation`. #}
{% macro drop_schema_named(schema_name) %}
  {{ return(adapter.dispatch('drop_schema_named', 'dbt')(schema_name)) }}
{% endmacro %}

{% macro default__drop_schema_named(schema_name) %}
  {{ adapter.drop_schema(api.Relation.create(schema=schema_name)) }}
{% endmacro %}
