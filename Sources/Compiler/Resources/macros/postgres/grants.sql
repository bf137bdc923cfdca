{#
  Grants are read from the relation's own list, not from the information schema, which shows only what the current
  role takes part in and leaves out materialized views. The owner's and the current role's own rights do not count.
#}

{%- macro postgres__get_show_grant_sql(relation) -%}
  {%- do tenon_verify_database(relation.information_schema('role_table_grants').database) -%}
  select
    coalesce(grantee.rolname, 'PUBLIC') as grantee,
    entry.privilege_type
  from pg_class
  join pg_namespace on pg_namespace.oid = pg_class.relnamespace
  cross join aclexplode(pg_class.relacl) as entry
  left join pg_roles as grantee on grantee.oid = entry.grantee
  where pg_namespace.nspname = {{ tenon_literal(relation.schema) }}
    and pg_class.relname = {{ tenon_literal(relation.identifier) }}
    and entry.grantee <> pg_class.relowner
    and grantee.rolname is distinct from current_role
    and entry.grantor in (pg_class.relowner, (select oid from pg_roles where rolname = current_role))
{%- endmacro -%}

{# A new relation has no grants but those of its owner and of default privileges. #}
{% macro postgres__copy_grants() %}
  {{ return(False) }}
{% endmacro %}
