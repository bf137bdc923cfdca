select 1 as id, 2 as b from {{ ref('stg_orders') }}
