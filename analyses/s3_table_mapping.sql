-- Which path of the data lake belongs to which table of this tenant, and is that table there?
{%- set entities = ['customers', 'orders', 'products', 'regions'] %}
with mapping as (
  {%- for entity in entities %}
  select
    {{ loop.index }} as line,
    '{{ entity }}' as entity,
    '{{ generate_tenant_s3_path(entity) }}' as s3_path,
    '{{ generate_external_table_name(entity) }}' as external_table,
    '{{ get_table_name(entity) }}' as table_name
  {{ 'union all' if not loop.last }}
  {%- endfor %}
)

select
  '{{ get_tenant_name() }}' as tenant,
  '{{ get_tenant_database() }}' as database,
  mapping.entity,
  mapping.s3_path,
  mapping.external_table,
  mapping.table_name,
  coalesce(tables.table_schema, 'not built yet') as found_in
from mapping
left join {{ source('warehouse', 'tables') }} as tables
  on tables.table_name = mapping.table_name
  and tables.table_schema = '{{ ref('stg_customers').schema }}'
order by mapping.line
