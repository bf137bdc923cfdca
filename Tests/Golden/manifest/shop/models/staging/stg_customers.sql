{{ config(tags=['pii', 'staging'], meta={'k': [1, 2.5, none, true]}) }} select * from {{ source('raw', 'customers') }}
