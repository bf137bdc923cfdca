{{ config(alias='customer_totals') }}
select 1 as id
