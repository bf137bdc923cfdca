{% macro factor() %}{{ return(10) }}{% endmacro %}
