-- No row of another tenant may ever be found in this tenant's database.
select tenant_name, 'stg_customers_tenant' as found_in
from {{ ref('stg_customers_tenant') }}
where tenant_name <> '{{ get_tenant_name() }}'
union all
select tenant_name, 'fact_orders' as found_in
from {{ ref('fact_orders') }}
where tenant_name <> '{{ get_tenant_name() }}'
