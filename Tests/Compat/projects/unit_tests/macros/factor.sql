{% macro factor() %}{{ return(10) }}{% endmacro %}
{% macro _scale() %}{{ return(1) }}{% endmacro %}
