{% macro default__times(a, b) %}({{ a }} * {{ b }}){% endmacro %}
{% macro greeting() %}mine{% endmacro %}
