{#
  A view is a rewrite rule; the rule depends on its own view (deptype i) and on everything that the view reads
  (deptype n, a row for each column). System relations are left out.
#}

{% macro postgres__get_relations() -%}
  {%- call statement('relations', fetch_result=True, auto_begin=False) %}
    select distinct
      view_schema.nspname as dependent_schema,
      view.relname as dependent_name,
      read_schema.nspname as referenced_schema,
      read.relname as referenced_name
    from pg_rewrite as rule
    join pg_depend as reads
      on reads.classid = 'pg_rewrite'::regclass
      and reads.objid = rule.oid
      and reads.refclassid = 'pg_class'::regclass
      and reads.refobjid <> rule.ev_class
    join pg_class as view on view.oid = rule.ev_class
    join pg_namespace as view_schema on view_schema.oid = view.relnamespace
    join pg_class as read on read.oid = reads.refobjid
    join pg_namespace as read_schema on read_schema.oid = read.relnamespace
    where read_schema.nspname <> 'information_schema'
      and read_schema.nspname not like 'pg\_%'
    order by 1, 2, 3, 4
  {% endcall -%}
  {{ return(load_result('relations').table) }}
{%- endmacro %}

{# Its older name. #}
{% macro postgres_get_relations() %}
  {{ return(postgres__get_relations()) }}
{% endmacro %}
