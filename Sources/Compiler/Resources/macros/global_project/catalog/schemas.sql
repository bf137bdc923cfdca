{# Schemas of a database. #}

{% macro information_schema_name(database) %}
  {{ return(adapter.dispatch('information_schema_name', 'dbt')(database)) }}
{% endmacro %}

{% macro default__information_schema_name(database) -%}
  {{ database ~ '.' if database }}INFORMATION_SCHEMA
{%- endmacro %}

{% macro list_schemas(database) -%}
  {{ return(adapter.dispatch('list_schemas', 'dbt')(database)) }}
{%- endmacro %}

{% macro default__list_schemas(database) -%}
  {{ return(run_query(
    'select distinct schema_name from ' ~ information_schema_name(database)
    ~ '.SCHEMATA where catalog_name = ' ~ tenon_literal(database)
  )) }}
{%- endmacro %}

{# One row, one number: how many schemas have the name. #}
{% macro check_schema_exists(information_schema, schema) -%}
  {{ return(adapter.dispatch('check_schema_exists', 'dbt')(information_schema, schema)) }}
{%- endmacro %}

{% macro default__check_schema_exists(information_schema, schema) -%}
  {{ return(run_query(
    'select count(*) from ' ~ information_schema.replace(information_schema_view='SCHEMATA')
    ~ ' where catalog_name = ' ~ tenon_literal(information_schema.database)
    ~ ' and schema_name = ' ~ tenon_literal(schema)
  )) }}
{%- endmacro %}
