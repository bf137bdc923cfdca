{{ config(severity='error', tags=['single']) }} select * from {{ ref('dim_customers') }} join {{ ref('stg_orders') }} using (x) where false
