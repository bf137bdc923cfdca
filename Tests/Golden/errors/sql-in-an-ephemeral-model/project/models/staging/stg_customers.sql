{{ config(materialized='ephemeral') }}
select
    customer_id,
    nmae as name
from {{ ref('raw_customers') }}
