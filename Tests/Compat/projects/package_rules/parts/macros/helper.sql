{% macro positive_condition(column) %}{{ parts_operator(column) }}{% endmacro %}
{% macro parts_operator(column) %}{{ column }} > 0{% endmacro %}
