{{ config(materialized='incremental', unique_key='id', on_schema_change='append_new_columns') }}
select id, {{ "'abc'::varchar(3)" if var('phase') == 1 else "'abcdef'::varchar(6)" }} as word
{% if var('phase') > 1 %}, {{ var('phase') }} as extra{% endif %}
from {{ ref('people') }}
