select * from ({{ generate_series(33) }}) as numbers
{{ dbt.except() }}
select 7
{{ intersect() }}
select 8
