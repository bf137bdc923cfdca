{#- Every row says whose it is: rows of several tenants can be put together later and still be told apart. -#}
{%- set tenant_name = get_tenant_name() -%}

select
  customer_id,
  customer_name,
  customer_email,
  customer_created_at,
  region_id,
  '{{ tenant_name }}'::text as tenant_name,
  '{{ get_tenant_s3_bucket() }}'::text as source_s3_bucket,
  '{{ get_tenant_s3_prefix() }}'::text as source_s3_prefix,
  {{ is_valid_email('customer_email') }} as is_valid_email,
  case
    when customer_email is null then 'missing'
    when {{ is_valid_email('customer_email') }} then 'valid'
    else 'malformed'
  end as email_status,
  customer_name is not null as is_valid_name,
  case
    when customer_name is null then 'missing'
    else 'valid'
  end as name_status
from {{ ref('stg_customers') }}
