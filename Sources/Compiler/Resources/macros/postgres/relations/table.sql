{#
  Under a contract the table is made with its columns and constraints first and filled afterwards, because
  `create table as` knows no constraints. A temporary table stands in for rows only, so its columns are compared
  but not declared.
#}

{% macro postgres__create_table_as(temporary, relation, sql) -%}
  {%- set contracted = config.get('contract').enforced -%}
  {{ config.get('sql_header') or '' }}
  create {{ 'temporary' if temporary else 'unlogged' if config.get('unlogged', default=false) }} table {{ relation }}
  {%- if contracted %}
    {{ get_assert_columns_equivalent(sql) }}
  {%- endif %}
  {%- if contracted and not temporary %}
    {{ get_table_columns_and_constraints() }} ;
    insert into {{ relation }} (
      {{ adapter.dispatch('get_column_names', 'dbt')() }}
    )
    {%- set sql = get_select_subquery(sql) %}
  {%- else %}
    as
  {%- endif %}
  (
    {{ sql }}
  );
{%- endmacro %}

{% macro postgres__get_replace_table_sql(relation, sql) -%}
  {{ config.get('sql_header') or '' }}
  create or replace table {{ relation }}
  {%- if config.get('contract').enforced %}
    {{ get_assert_columns_equivalent(sql) }}
    {{ get_table_columns_and_constraints() }}
    {%- set sql = get_select_subquery(sql) %}
  {%- endif %}
  as (
    {{ sql }}
  );
{%- endmacro %}

{% macro postgres__drop_table(relation) -%}
  drop table if exists {{ relation }} cascade
{%- endmacro %}

{% macro postgres__get_rename_table_sql(relation, new_name) %}
  alter table {{ relation }} rename to {{ adapter.quote_as_configured(new_name, 'identifier') }}
{% endmacro %}
