{# What `adapter.truncate_relation` calls. #}

{% macro truncate_relation(relation) -%}
  {{ return(adapter.dispatch('truncate_relation', 'dbt')(relation)) }}
{%- endmacro %}

{% macro default__truncate_relation(relation) -%}
  {%- do tenon_relation_ddl('truncate_relation', 'truncate table ' ~ relation.render()) -%}
{%- endmacro %}
