{{ config(materialized='incremental', unique_key='id') }}
select * from {{ ref('e3') }} {% if is_incremental() %} where id > (select max(id) from {{ this }}) {% endif %}
