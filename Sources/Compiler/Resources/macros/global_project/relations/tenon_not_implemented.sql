{# For bodies that only an adapter can supply. #}

{% macro tenon_not_implemented(name) %}
  {{ exceptions.raise_compiler_error('`' ~ name ~ '` has not been implemented for this adapter.') }}
{% endmacro %}
