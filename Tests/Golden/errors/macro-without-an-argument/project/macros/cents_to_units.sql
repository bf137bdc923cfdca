{% macro cents_to_units(column, digits=2) -%}
    round({{ column.upper() }} / 100.0, {{ digits }})
{%- endmacro %}
