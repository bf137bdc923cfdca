{% set relations = [source('bare', 'things'), source('bare', 'more_things'), source('raw', 'files')] %}
{% for relation in relations -%}
select '{{ relation }}' as name from {{ relation }}{% if not loop.last %} union all {% endif %}
{% endfor %}
{#- union all select '' from {{ source('never', 'there') }} #}
