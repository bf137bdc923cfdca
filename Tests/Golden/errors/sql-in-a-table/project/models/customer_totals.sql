{{ config(materialized='table') }}
select
    name,
    customer_id / (customer_id - customer_id) as ratio
from {{ ref('stg_customers') }}
