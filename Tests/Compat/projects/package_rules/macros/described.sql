{% macro described(one, two='2', three=none) %}{{ one }}{% endmacro %}
