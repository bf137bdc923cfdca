{#
  What a generic test sees as its `model`: the relation itself, or a filtered derived table when the test
  is configured with `where`. Returned, not rendered, so that an unfiltered relation stays an object.
#}

{% macro get_where_subquery(relation) -%}
  {{ return(adapter.dispatch('get_where_subquery', 'dbt')(relation)) }}
{%- endmacro %}

{% macro default__get_where_subquery(relation) -%}
  {%- set condition = config.get('where', '') -%}
  {%- if not condition -%}{{ return(relation) }}{%- endif -%}
  {{ return('(select * from ' ~ relation ~ ' where ' ~ condition ~ ') dbt_subquery') }}
{%- endmacro %}
