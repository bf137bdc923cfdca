{#
  PostgreSQL cuts names at 63 bytes without an error. A name that would grow beyond that is shortened, and a
  hash of the whole name goes before the suffix: two long names with one beginning stay two names.
#}

{% macro postgres__make_relation_with_suffix(base_relation, suffix, dstring) %}
  {%- if dstring -%}
    {%- set suffix = suffix ~ modules.datetime.datetime.now().strftime('%H%M%S%f') -%}
  {%- endif -%}
  {%- set longest = base_relation.relation_max_name_length() -%}
  {%- if suffix | length > longest -%}
    {{ exceptions.raise_compiler_error(
      'Relation suffix is too long (' ~ (suffix | length) ~ ' characters). Maximum length is ' ~ longest ~ ' characters.'
    ) }}
  {%- endif -%}
  {{ return(base_relation.incorporate(
    path={'identifier': tenon_fit_identifier(base_relation.identifier, suffix, longest)}
  )) }}
{% endmacro %}

{% macro postgres__make_intermediate_relation(base_relation, suffix) %}
  {{ return(postgres__make_relation_with_suffix(base_relation, suffix, dstring=False)) }}
{% endmacro %}

{# Temporary tables live in a schema of their session, which no one may name. #}
{% macro postgres__make_temp_relation(base_relation, suffix) %}
  {%- set named = postgres__make_relation_with_suffix(base_relation, suffix, dstring=True) -%}
  {{ return(named.incorporate(path={'schema': none, 'database': none})) }}
{% endmacro %}

{% macro postgres__make_backup_relation(base_relation, backup_relation_type, suffix) %}
  {%- set named = postgres__make_relation_with_suffix(base_relation, suffix, dstring=False) -%}
  {{ return(named.incorporate(type=backup_relation_type)) }}
{% endmacro %}
