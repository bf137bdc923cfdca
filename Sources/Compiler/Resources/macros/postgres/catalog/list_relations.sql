{#
  The schema is found as PostgreSQL itself would find it in a statement: folded to lower case unless quoted, and
  never as a pattern. Foreign tables are no relations of ours; all functions of one name are one row.
#}

{% macro postgres__list_relations_without_caching(schema_relation) %}
  {%- set schema_name = schema_relation.without_identifier().include(database=false) -%}
  {%- set here = 'to_regnamespace(' ~ tenon_literal(schema_name) ~ ')' -%}
  {%- set database = tenon_literal(schema_relation.database) -%}
  {%- call statement('list_relations_without_caching', fetch_result=True, auto_begin=False) %}
    select
      {{ database }} as database,
      found.name,
      pg_namespace.nspname as schema,
      found.type
    from (
      select
        relname as name,
        relnamespace as namespace,
        case relkind when 'v' then 'view' when 'm' then 'materialized_view' else 'table' end as type
      from pg_class
      where relnamespace = {{ here }} and relkind in ('r', 'p', 'v', 'm')
      union all
      select distinct proname, pronamespace, 'function' from pg_proc where pronamespace = {{ here }}
    ) as found
    join pg_namespace on pg_namespace.oid = found.namespace
  {% endcall -%}
  {{ return(load_result('list_relations_without_caching').table) }}
{% endmacro %}
