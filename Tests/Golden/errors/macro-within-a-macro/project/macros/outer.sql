{% macro outer(column) %}
    {% macro inner(column) %}
        {{ column }} + 1
    {% endmacro %}
    {{ inner(column) }}
{% endmacro %}
