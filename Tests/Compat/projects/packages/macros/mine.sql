{% macro default__times(a, b) %}({{ a }} * {{ b }}){% endmacro %}
{% macro greeting() %}mine{% endmacro %}
{% macro calls_tell() %}{{ adapter.dispatch('cast', 'dbt')('1', 'int') }}{% endmacro %}
{% test odd(model, column_name) %}{{ small.test_odd(model, column_name) }}{% endtest %}
{% macro mine_only() %}x{% endmacro %}
