select 1 as id, 2 as customer_id, 3.5 as amount, now() as ordered_at, 'x' as status
