{% test not_null(model, column_name) %}
  {#- the project's own replaces the built-in one -#}
  select {{ column_name }} from {{ model }} where {{ column_name }} is not distinct from null
{% endtest %}
