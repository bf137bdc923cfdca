{{ config(group='people') }}
select * from {{ ref('dim', version=3) }}
