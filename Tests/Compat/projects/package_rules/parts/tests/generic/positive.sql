{% test positive(model, column_name) %}
{# Called by its bare name from the root project's tests: found while parsing only. #}
{% if not execute %}{{ positive_condition(column_name) }}{% endif %}
select * from {{ model }} where not ({{ parts.parts_operator(column_name) }})
{% endtest %}
