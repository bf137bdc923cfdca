select '2024-01-01 00:00'::timestamp as hour, 1 as shift_no, 2 as fiscal
