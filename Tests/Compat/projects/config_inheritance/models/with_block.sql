{{
  config(
    materialized='table',
    tags=['block', 'top'],
    meta={'level': 9, 'nested': {'a': [1, 2], 'b': none}},
    alias='named_here',
    unlogged=true,
    indexes=[{'columns': ['id'], 'type': 'hash'}, {'columns': ['id', 'name'], 'unique': True}],
    pre_hook=["select 'block'"]
  )
}}
select 1 as id, 'x'::text as name, '{{ config.require("alias") }}' as this_alias
