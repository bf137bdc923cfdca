{#
  From the information schema, whose names of types users know. It has no materialized views: none of their columns
  is found. A relation without a schema is a temporary table of this session.
#}

{% macro postgres__get_columns_in_relation(relation) -%}
  {%- call statement('get_columns_in_relation', fetch_result=True, auto_begin=False) %}
    select column_name, data_type, character_maximum_length, numeric_precision, numeric_scale
    from {{ relation.information_schema('columns') }}
    where table_name = {{ tenon_literal(relation.identifier) }}
      and table_schema = {% if relation.schema -%}
        {{ tenon_literal(relation.schema) }}
      {%- else -%}
        (select nspname from pg_namespace where oid = pg_my_temp_schema())
      {%- endif %}
    order by ordinal_position
  {% endcall -%}
  {{ return(sql_convert_columns_in_relation(load_result('get_columns_in_relation').table)) }}
{%- endmacro %}
