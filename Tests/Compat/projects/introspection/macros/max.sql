{% macro dbt_utils_like_max() %}
  {%- set sql -%} select max(id) from {{ ref('people') }} {%- endset -%}
  {%- if execute -%}{{ return(run_query(sql).columns[0][0]) }}{%- endif -%}
  {{- return(0) -}}
{% endmacro %}
