{{ config(incremental_strategy='delete+insert', unique_key=['id', 'name'], incremental_predicates=["id > 5"], on_schema_change='fail') }}
select id, name from {{ ref('appended') }} {% if is_incremental() %} where id > 5 {% endif %}
