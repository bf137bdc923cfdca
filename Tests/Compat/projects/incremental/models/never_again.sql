{{ config(full_refresh=false) }}
select 1 as id {% if is_incremental() %} where false {% endif %}
