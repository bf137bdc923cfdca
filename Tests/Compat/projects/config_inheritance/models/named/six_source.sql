{{ config(enabled=var('six', true), database='compat') }}
select 6 as id
