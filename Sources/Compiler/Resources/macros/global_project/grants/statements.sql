{# The statements, as text. #}

{% macro get_show_grant_sql(relation) %}
  {{ return(adapter.dispatch('get_show_grant_sql', 'dbt')(relation)) }}
{% endmacro %}

{% macro default__get_show_grant_sql(relation) %}
    show grants on {{ relation.render() }}
{% endmacro %}

{# Grantees are put in as configured, so a project may quote them, or name PUBLIC. #}
{% macro get_grant_sql(relation, privilege, grantees) %}
  {{ return(adapter.dispatch('get_grant_sql', 'dbt')(relation, privilege, grantees)) }}
{% endmacro %}

{%- macro default__get_grant_sql(relation, privilege, grantees) -%}
    grant {{ privilege }} on {{ relation.render() }} to {{ grantees | join(', ') }}
{%- endmacro -%}

{# Grantees to revoke from were read from the server: exact names, hence quoted, but for PUBLIC, no name of a role. #}
{% macro get_revoke_sql(relation, privilege, grantees) %}
  {{ return(adapter.dispatch('get_revoke_sql', 'dbt')(relation, privilege, grantees)) }}
{% endmacro %}

{%- macro default__get_revoke_sql(relation, privilege, grantees) -%}
  {%- set roles = [] -%}
  {%- for grantee in grantees -%}
    {%- do roles.append(grantee if grantee == 'PUBLIC' else adapter.quote(grantee)) -%}
  {%- endfor -%}
    revoke {{ privilege }} on {{ relation.render() }} from {{ roles | join(', ') }}
{%- endmacro -%}
