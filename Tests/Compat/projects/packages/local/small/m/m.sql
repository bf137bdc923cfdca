{% macro times(a, b) %}{{ adapter.dispatch('times', 'small')(a, b) }}{% endmacro %}
{% macro default__times(a, b) %}{{ a }} * {{ b }}{% endmacro %}
{% macro greeting() %}small's{% endmacro %}
{% macro postgres__type_string() %}varchar(77){% endmacro %}
{% test even(model, column_name) %}select * from {{ model }} where {{ column_name }} % 2 <> 0{% endtest %}
{% macro tell() %}{{ adapter.dispatch('tell')() }}{% endmacro %}
{% macro default__tell() %}package{% endmacro %}
{% macro default__cast(expression, data_type) %}never from here{% endmacro %}
{% test odd(model, column_name, unit='') %}select * from {{ model }} where {{ column_name }} % 2 = 0 {{ small.comment(unit) }}{% endtest %}
{% macro comment(unit) %}/* {{ unit }} */{% endmacro %}
{% macro _hidden() %}hidden{% endmacro %}
