with days as ({{ dbt.date_spine('day', "'2024-01-01'::date", "'2024-01-05'::date") }}),
numbers as ({{ dbt.generate_series(9) }})
select * from days, numbers
