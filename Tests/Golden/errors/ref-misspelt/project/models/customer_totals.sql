select
    customers.name,
    sum(orders.amount) as total
from {{ ref('stg_ordres') }} as orders
join {{ ref('stg_customers') }} as customers using (customer_id)
group by customers.name
