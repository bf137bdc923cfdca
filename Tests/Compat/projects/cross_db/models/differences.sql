{% set first, second = "'2023-11-30 23:59:59.900'::timestamp", "'2024-03-02 00:00:01.100'::timestamp" %}
select
{% for part in ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond', 'microsecond'] %}
    {{ dbt.datediff(first, second, part) }} as {{ part }}s,
    {{ datediff(second, first, part) }} as {{ part }}s_back,
{% endfor %}
    {{ dbt.get_intervals_between("'2024-01-01'::date", "'2024-02-01'::date", 'week') }} as weeks_between
