{{ config(pre_hook="select 'pre'", post_hook=[{"sql": "select 'post'", "transaction": false}], unique_key=['customer_id'], indexes=[{'columns': ['a'], 'unique': true}]) }}
select c.*, {{ cents('amount') }} from {{ ref('stg_customers') }} c join {{ ref('stg_orders') }} o using (customer_id)
