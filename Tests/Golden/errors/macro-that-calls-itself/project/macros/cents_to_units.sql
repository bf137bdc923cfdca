{% macro cents_to_units(column) -%}
    {{ rounded(column) }}
{%- endmacro %}

{% macro rounded(column) -%}
    round({{ cents_to_units(column) }})
{%- endmacro %}
