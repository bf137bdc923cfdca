{#
  Names are compared without regard to case, because a project may spell a name otherwise than the server folded
  it. Whole schemas are asked for in one list, single relations in another, which is a set of rows that the server
  hashes: thousands of conditions would each be tried on every relation.
#}

{% macro postgres__get_catalog_relations(information_schema, relations) -%}
  {%- set database = information_schema.database -%}
  {%- do adapter.verify_database(database) -%}
  {%- set whole_schemas, single = [], [] -%}
  {%- for relation in relations -%}
    {%- set schema_name = 'lower(' ~ tenon_literal(relation.schema) ~ ')' -%}
    {%- if relation.identifier -%}
      {%- do single.append('(' ~ schema_name ~ ', lower(' ~ tenon_literal(relation.identifier) ~ '))') -%}
    {%- else -%}
      {%- do whole_schemas.append(schema_name) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- call statement('catalog', fetch_result=True, auto_begin=False) %}
    select
      {{ tenon_literal(database) }} as table_database,
      namespace.nspname as table_schema,
      relation.relname as table_name,
      case relation.relkind when 'v' then 'VIEW' when 'm' then 'MATERIALIZED VIEW' else 'BASE TABLE' end as table_type,
      obj_description(relation.oid, 'pg_class') as table_comment,
      attribute.attname as column_name,
      attribute.attnum as column_index,
      format_type(attribute.atttypid, attribute.atttypmod) as column_type,
      col_description(relation.oid, attribute.attnum) as column_comment,
      pg_get_userbyid(relation.relowner) as table_owner
    from pg_namespace as namespace
    join pg_class as relation on relation.relnamespace = namespace.oid
    join pg_attribute as attribute on attribute.attrelid = relation.oid
    where relation.relkind in ('r', 'p', 'v', 'm', 'f')
      and relation.relpersistence <> 't'
      and attribute.attnum > 0
      and not attribute.attisdropped
      and (
        lower(namespace.nspname) in ({{ whole_schemas | unique | join(', ') or 'null' }})
        or (lower(namespace.nspname), lower(relation.relname)) in (
          values {{ single | unique | join(', ') or '(null::text, null::text)' }}
        )
      )
    order by 2, 3, 7
  {% endcall -%}
  {{ return(load_result('catalog').table) }}
{%- endmacro %}

{% macro postgres__get_catalog(information_schema, schemas) -%}
  {%- set wanted = [] -%}
  {%- for name in schemas -%}
    {%- do wanted.append({'schema': name}) -%}
  {%- endfor -%}
  {{ return(postgres__get_catalog_relations(information_schema, wanted)) }}
{%- endmacro %}
