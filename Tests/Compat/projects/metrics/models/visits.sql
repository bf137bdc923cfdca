select 1 as visit_id, 2 as session_id, 3 as person_id, 4 as pages, true as is_new, 'phone' as device, '2024-01-01'::date as at
