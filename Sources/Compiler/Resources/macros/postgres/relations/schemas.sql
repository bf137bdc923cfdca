{# One connection is one database: a schema elsewhere is refused before anything runs. #}

{% macro postgres__create_schema(relation) -%}
  {%- do tenon_verify_database(relation.database) -%}
  {%- set name = relation.without_identifier().include(database=False) -%}
  {%- do tenon_relation_ddl('create_schema', 'create schema if not exists ' ~ name) -%}
{%- endmacro %}

{% macro postgres__drop_schema(relation) -%}
  {%- do tenon_verify_database(relation.database) -%}
  {%- set name = relation.without_identifier().include(database=False) -%}
  {%- do tenon_relation_ddl('drop_schema', 'drop schema if exists ' ~ name ~ ' cascade') -%}
{%- endmacro %}

{% macro tenon_verify_database(database) %}
  {%- if database -%}
    {%- do adapter.verify_database(database) -%}
  {%- endif -%}
{% endmacro %}
