{% snapshot s %}{{ config(strategy='check', check_cols='all', unique_key='id') }}select * from {{ ref('e2') }}{% endsnapshot %}
