{# goes when the table under it is replaced, and comes back #}
select * from {{ ref('indexed') }}
