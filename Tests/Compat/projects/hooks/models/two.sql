{{ config(materialized='table', sql_header="-- a header") }}
select * from {{ ref('one') }}
