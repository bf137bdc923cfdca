{% snapshot with_parentheses() %}
  {{ config(target_schema='compat_package_rules', unique_key='id', strategy='check', check_cols='all') }}
  select 1 as id
{% endsnapshot %}
