{% test not_null(model, column_name) %}
    {# body: one empty line more, as in `unique` #}
    {{ adapter.dispatch('test_not_null', 'dbt')(model, column_name) }}
{% endtest %}

{# Failing rows are kept whole only when they are stored: then a person will look at them. #}
{% macro default__test_not_null(model, column_name) %}



select {{ '*' if should_store_failures() else column_name }}
from {{ model }}
where {{ column_name }} is null

{% endmacro %}
