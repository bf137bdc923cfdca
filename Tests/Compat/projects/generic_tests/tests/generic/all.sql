{% test two_columns(model, first, second, options={}) %}
{{ config(severity='error', tags=['in_macro']) }}
select {{ first }}, '{{ second }}' as second, '{{ options }}' as options from {{ model }}
{% endtest %}

{% test at_least(model, column_name, value) %}
  select * from {{ model }} where {{ column_name }} < {{ value }}
{% endtest %}

{% test no_column_arguments(model) %}
select * from {{ model }} where false
{% endtest %}
