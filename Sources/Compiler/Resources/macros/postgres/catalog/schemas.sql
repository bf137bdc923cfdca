{% macro postgres__information_schema_name(database) -%}
  {%- do tenon_verify_database(database) -%}
  information_schema
{%- endmacro %}

{% macro postgres__list_schemas(database) %}
  {%- do tenon_verify_database(database) -%}
  {%- call statement('list_schemas', fetch_result=True, auto_begin=False) -%}
    select nspname from pg_namespace
  {%- endcall -%}
  {{ return(load_result('list_schemas').table) }}
{% endmacro %}

{% macro postgres__check_schema_exists(information_schema, schema) -%}
  {%- do tenon_verify_database(information_schema.database) -%}
  {%- call statement('check_schema_exists', fetch_result=True, auto_begin=False) -%}
    select count(*) from pg_namespace where nspname = {{ tenon_literal(schema) }}
  {%- endcall -%}
  {{ return(load_result('check_schema_exists').table) }}
{%- endmacro %}
