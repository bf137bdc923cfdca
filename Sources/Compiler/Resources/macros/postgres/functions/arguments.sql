{# PostgreSQL alone lets arguments have defaults. #}

{% macro postgres__formatted_scalar_function_args_sql() %}
  {%- for argument in model.arguments -%}
    {%- set fallback = argument.get('default_value', none) -%}
    {{ argument.name }} {{ argument.data_type }}{{ ' DEFAULT ' ~ fallback if fallback != none }}{{ ', ' if not loop.last }}
  {%- endfor -%}
{% endmacro %}
