{% snapshot orders_snapshot %}
    {{ config(unique_key='order_id', target_schema='shop') }}
    select * from {{ ref('stg_orders') }}
{% endsnapshot %}
