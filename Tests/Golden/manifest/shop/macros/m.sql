{% macro cents(x, y=2) %}{{ x }} / 100{% endmacro %}
{% test dbt_utils_like(model, combination_of_columns, nested) %} select 1 from {{ model }} where false {% endtest %}
{% materialization my_mat, adapter='postgres', supported_languages=['sql'] %} {{ return({'relations': []}) }} {% endmaterialization %}
