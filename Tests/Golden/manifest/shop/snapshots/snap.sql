{% snapshot orders_snap %}
{{ config(unique_key='order_id', strategy='timestamp', updated_at='updated_at', tags=['snap']) }}
select * from {{ ref('stg_orders') }}
{% endsnapshot %}
