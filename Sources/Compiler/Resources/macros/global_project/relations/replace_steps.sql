{#
  The steps of `get_replace_sql`, as text. Names are free ones (`tenon_unused_relation`), found again by each step
  alike because nothing has run yet when the text is made. What another session puts there before the text runs is in
  the way and dropped.
#}

{%- macro get_create_intermediate_sql(relation, sql) -%}
  {{- log('Applying CREATE INTERMEDIATE to: ' ~ relation) -}}
  {{- adapter.dispatch('get_create_intermediate_sql', 'dbt')(relation, sql) -}}
{%- endmacro -%}

{%- macro default__get_create_intermediate_sql(relation, sql) -%}
  {%- set intermediate = tenon_unused_relation(make_intermediate_relation(relation)) -%}
  {{ get_drop_sql(intermediate) }};
  {{ get_create_sql(intermediate, sql) }}
{%- endmacro -%}

{%- macro get_rename_intermediate_sql(relation) -%}
  {{- log('Applying RENAME INTERMEDIATE to: ' ~ relation) -}}
  {{- adapter.dispatch('get_rename_intermediate_sql', 'dbt')(relation) -}}
{%- endmacro -%}

{%- macro default__get_rename_intermediate_sql(relation) -%}
  {{ get_rename_sql(tenon_unused_relation(make_intermediate_relation(relation)), relation.identifier) }}
{%- endmacro -%}

{%- macro get_create_backup_sql(relation) -%}
  {{- log('Applying CREATE BACKUP to: ' ~ relation) -}}
  {{- adapter.dispatch('get_create_backup_sql', 'dbt')(relation) -}}
{%- endmacro -%}

{%- macro default__get_create_backup_sql(relation) -%}
  {%- set backup = tenon_unused_relation(make_backup_relation(relation, relation.type)) -%}
  {{ get_drop_sql(backup) }};
  {{ get_rename_sql(relation, backup.identifier) }}
{%- endmacro -%}

{%- macro get_drop_backup_sql(relation) -%}
  {{- log('Applying DROP BACKUP to: ' ~ relation) -}}
  {{- adapter.dispatch('get_drop_backup_sql', 'dbt')(relation) -}}
{%- endmacro -%}

{%- macro default__get_drop_backup_sql(relation) -%}
  {{ get_drop_sql(tenon_unused_relation(make_backup_relation(relation, relation.type))) }}
{%- endmacro -%}
