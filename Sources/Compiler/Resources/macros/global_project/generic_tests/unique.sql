{#
  The SQL of the built-in data tests is part of the compiled artifacts, so its lines and blanks are kept
  exactly as other tools know them. Every test is a dispatcher: packages may supply `test_<name>` bodies.
#}

{% test unique(model, column_name) %}
    {# the two line breaks before the body belong to the output #}
    {{ adapter.dispatch('test_unique', 'dbt')(model, column_name) }}
{% endtest %}

{% macro default__test_unique(model, column_name) %}

select
    {{ column_name }} as unique_field,
    count(*) as n_records

from {{ model }}
where {{ column_name }} is not null
group by {{ column_name }}
having count(*) > 1

{% endmacro %}
