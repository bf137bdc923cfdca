{% macro tell(name) %}{{ return(var(name, 'default of helper')) }}{% endmacro %}
