{#
  The cross-database functions. Their text goes into models' compiled SQL, white space included, where other
  tools compare it byte for byte: that is why some bodies stand on lines of their own and some do not.
#}

{% macro any_value(expression) -%}
  {{ return(adapter.dispatch('any_value', 'dbt')(expression)) }}
{%- endmacro %}

{% macro default__any_value(expression) -%}
  any_value({{ expression }})
{%- endmacro %}
