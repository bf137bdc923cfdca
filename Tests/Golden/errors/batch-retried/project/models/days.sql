{{ config(materialized='table', event_time='at') }}
select n as id, '2024-01-01'::timestamp + n * interval '1 day' as at from generate_series(0, 2) as n
