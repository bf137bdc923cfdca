select 1 as id, '{{ config.get("materialized") }}' as kind, '{{ config.get("nothing", "fallback") }}' as other
