{{ config(materialized='table') }}
{{ dbt.date_spine(var('unit', 'day'), "'2024-01-30'::date", "'2024-04-02'::date") }}
