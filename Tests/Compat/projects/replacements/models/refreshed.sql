{{ config(materialized='materialized_view', on_configuration_change='continue', indexes=(
    [{'columns': ['id']}] if var('phase') < 3 else [{'columns': ['name']}]
)) }}
select * from {{ ref('people') }}
