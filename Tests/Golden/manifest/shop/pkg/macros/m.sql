{% macro lib_m() %}1{% endmacro %}
