{% set moment = "'2024-02-10 13:45:10.250'::timestamp" %}
select
    {{ dbt.date(2024, 2, 29) }} as leap_day,
    {{ date_trunc('quarter', moment) }} as truncated,
    {{ dbt.dateadd('day', 20, moment) }} as later,
    {{ dateadd('month', '-1', moment) }} as before,
    {{ dbt.dateadd(datepart='hour', interval='2 + 1', from_date_or_timestamp=moment) }} as hours,
    {{ dbt.last_day(moment, 'month') }} as end_of_month,
    {{ last_day(moment, 'quarter') }} as end_of_quarter,
    {{ dbt.last_day(moment, 'year') }} as end_of_year,
    {{ snapshot_string_as_time('2024-01-01 00:00:00') }} as as_time,
    {{ dbt.current_timestamp() }} is not null
      and {{ current_timestamp_backcompat() }} is not null
      and {{ dbt.current_timestamp_in_utc_backcompat() }} is not null
      and {{ snapshot_get_time() }} is not null as clocks
