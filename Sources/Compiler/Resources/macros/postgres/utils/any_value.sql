{# Servers before version 16 have no any_value; the smallest is as good as any. #}

{% macro postgres__any_value(expression) -%}
  min({{ expression }})
{%- endmacro %}
