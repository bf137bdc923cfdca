{# a view, a table, an incremental table, a materialized view #}
{{ config(
    materialized=['view', 'table', 'incremental', 'materialized_view'][var('phase') - 1],
    indexes=[{'columns': ['id']}]
) }}
select id, name from {{ ref('people') }}
