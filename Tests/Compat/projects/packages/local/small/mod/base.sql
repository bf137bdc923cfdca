select 1 as k
