{{ config(materialized='table') }}
select * from (values
{% if var('phase') == 1 %}
    (1, 'a', 1, '2020-01-01'::timestamp), (2, 'b', 2, '2020-01-01'), (3, 'c', 3, '2020-01-01')
{% elif var('phase') == 2 %}
    (1, 'A', 1, '2020-02-01'::timestamp), (2, 'b', 2, '2020-01-01'), (4, null, 4, '2020-02-01')
{% else %}
    (1, 'A', 1, '2020-02-01'::timestamp), (3, 'c', 3, '2020-03-01'), (4, 'd', 4, '2020-03-01')
{% endif %}
) as rows (id, name, num, at)
