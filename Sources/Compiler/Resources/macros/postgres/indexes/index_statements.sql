{# Columns are put in as they are configured: they may be expressions. #}

{% macro postgres__get_create_index_sql(relation, index_dict) -%}
  {%- set index = adapter.parse_index(index_dict) -%}
  create {{ 'unique' if index.unique }} index if not exists {{ adapter.quote(tenon_index_name(relation, index)) }}
  on {{ relation }} {{ 'using ' ~ index.type if index.type }} ({{ index.columns | join(', ') }})
{%- endmacro %}

{%- macro postgres__get_drop_index_sql(relation, index_name) -%}
  drop index if exists {{ adapter.quote(relation.schema) }}.{{ adapter.quote(index_name) }}
{%- endmacro -%}

{# One row an index: its columns in one text, separated by commas. #}
{% macro postgres__get_show_indexes_sql(relation) %}
  select
    idx.relname as name,
    method.amname as method,
    pg_index.indisunique as "unique",
    string_agg(pg_attribute.attname, ',' order by pg_attribute.attnum) as column_names
  from pg_index
  join pg_class as idx on idx.oid = pg_index.indexrelid
  join pg_am as method on method.oid = idx.relam
  join pg_class as tbl on tbl.oid = pg_index.indrelid
  join pg_namespace on pg_namespace.oid = tbl.relnamespace
  join pg_attribute on pg_attribute.attrelid = tbl.oid and pg_attribute.attnum = any(pg_index.indkey)
  where tbl.relname = {{ tenon_literal(relation.identifier) }}
    and pg_namespace.nspname = {{ tenon_literal(relation.schema) }}
    and tbl.relkind in ('r', 'm')
  group by 1, 2, 3
  order by 1, 2, 3
{% endmacro %}
