{# a materialized view, a table, a view, an incremental table #}
{{ config(
    materialized=['materialized_view', 'table', 'view', 'incremental'][var('phase') - 1],
    indexes=[{'columns': ['id']}, {'columns': ['name', 'id'], 'unique': true}] if var('phase') != 3 else []
) }}
select id, name from {{ ref('people') }}
