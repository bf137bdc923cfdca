{{ config(tags=['even', 'five']) }}
select * from {{ ref('m4') }}
