{#- Fails for rows whose column is below zero; with or_zero=false, for zero too. Nulls pass. -#}
{% test not_negative(model, column_name, or_zero=true) %}

select *
from {{ model }}
where {{ column_name }} {{ '<' if or_zero else '<=' }} 0

{% endtest %}
