{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='at', unique_key='id', batch_size='day', begin='2024-01-01') }}
select id, at, 1 / (case when id = 1 and {{ var('broken', true) }} then 0 else 1 end) as one from {{ ref('days') }}
