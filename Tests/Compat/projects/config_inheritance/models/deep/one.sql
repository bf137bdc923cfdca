{{ config(grants={'+select': ['pg_monitor'], 'insert': 'postgres'}) }}
{{ config(tags='second call') }}
select * from {{ ref('plain') }} join {{ ref('with_block') }} using (id)
