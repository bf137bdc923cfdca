{% macro get_insert_into_sql(target_relation, temp_relation, dest_columns) %}
    {{- tenon_insert_sql(target_relation, temp_relation, dest_columns) }}
{%- endmacro %}

{% macro tenon_insert_sql(target_relation, temp_relation, dest_columns) %}
    {%- set columns = get_quoted_csv(dest_columns | map(attribute='name')) %}
    insert into {{ target_relation }} ({{ columns }})
    (
        select {{ columns }}
        from {{ temp_relation }}
    )
{% endmacro %}
