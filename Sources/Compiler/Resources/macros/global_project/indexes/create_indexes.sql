{# The `indexes` of a node's configuration, made on the given relation one by one. #}

{% macro create_indexes(relation) -%}
  {{ adapter.dispatch('create_indexes', 'dbt')(relation) }}
{%- endmacro %}

{% macro default__create_indexes(relation) -%}
  {%- for index in config.get('indexes', default=[]) -%}
    {%- set statement_text = get_create_index_sql(relation, index) -%}
    {%- if statement_text -%}
      {%- do run_query(statement_text) -%}
    {%- endif -%}
  {%- endfor -%}
{%- endmacro %}
