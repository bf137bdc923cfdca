{{ config(materialized='table', event_time='at') }}
select n as id, 'n' || n as name, '2024-01-01'::timestamp + n * interval '1 hour' as at from generate_series(1, 30) as n
