{% snapshot by_time %}
{{ config(strategy='timestamp', updated_at='updated_at', target_schema='history', hard_deletes='invalidate') }}
select * from {{ ref('m') }}
{% endsnapshot %}

{# between #}

{% snapshot by_check -%}
  {{ config(strategy='check', check_cols=['status'], unique_key=['id', 'status'], schema='more', alias='renamed',
            dbt_valid_to_current="'9999-12-31'::timestamp",
            snapshot_meta_column_names={'dbt_valid_from': 'from_at', 'dbt_valid_to': 'to_at'}) }}
  select *, '{{ this }}' as self from {{ ref('m') }}
{%- endsnapshot %}
