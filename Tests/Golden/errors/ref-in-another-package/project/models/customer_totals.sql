select * from {{ ref('shopp', 'stg_orders') }}
