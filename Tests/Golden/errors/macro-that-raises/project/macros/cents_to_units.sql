{% macro cents_to_units(column) -%}
    {{ checked(column) }} / 100.0
{%- endmacro %}

{% macro checked(column) -%}
    {% if column == 'amount' %}
        {{ exceptions.raise_compiler_error("'amount' is a reserved word, " ~ "say 'price'") }}
    {% endif %}
    {{ column }}
{%- endmacro %}
