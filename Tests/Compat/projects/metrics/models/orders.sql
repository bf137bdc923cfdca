select 1 as order_id, 10 as customer_id, 5.5 as amount, '2024-01-01'::date as ordered_on, 'web' as channel
