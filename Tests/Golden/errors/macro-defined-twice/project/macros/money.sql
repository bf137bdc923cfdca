{% macro cents_to_units(column) %}{{ column }} / 100{% endmacro %}
