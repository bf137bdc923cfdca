{% test row_count_over(model, least=1) %}
select count(*) as n from {{ model }} having count(*) < {{ least }}
{% endtest %}
