select date_day from (select current_date as date_day) d
