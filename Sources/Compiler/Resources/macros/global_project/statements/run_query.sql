{# One query, its rows as a table. Opens no transaction. None while parsing. #}

{% macro run_query(sql) %}
  {%- call statement('run_query_statement', fetch_result=true, auto_begin=false) %}
    {{ sql }}
  {% endcall -%}
  {{ return(load_result('run_query_statement').table) }}
{% endmacro %}
