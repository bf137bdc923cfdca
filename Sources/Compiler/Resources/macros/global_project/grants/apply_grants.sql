{#
  Makes a relation's grants those of the node's configuration, and says nothing to the server if they are. Without
  a configuration, grants are left as they are.
#}

{% macro apply_grants(relation, grant_config, should_revoke) %}
  {{ return(adapter.dispatch('apply_grants', 'dbt')(relation, grant_config, should_revoke)) }}
{% endmacro %}

{% macro default__apply_grants(relation, grant_config, should_revoke=True) %}
  {%- if not grant_config -%}{{ return(none) }}{%- endif -%}
  {%- if should_revoke -%}
    {%- set present = adapter.standardize_grants_dict(run_query(get_show_grant_sql(relation))) -%}
    {%- set missing = diff_of_two_dicts(grant_config, present) -%}
    {%- set surplus = diff_of_two_dicts(present, grant_config) -%}
    {%- if not missing and not surplus -%}
      {{ log('On ' ~ relation.render() ~ ': All grants are in place, no revocation or granting needed.') }}
    {%- endif -%}
  {%- else -%}
    {%- set missing, surplus = grant_config, {} -%}
  {%- endif -%}
  {%- if missing or surplus -%}
    {%- set statements =
      get_dcl_statement_list(relation, surplus, get_revoke_sql) + get_dcl_statement_list(relation, missing, get_grant_sql)
    -%}
    {%- if statements -%}
      {{ call_dcl_statements(statements) }}
    {%- endif -%}
  {%- endif -%}
{% endmacro %}

{# {privilege: [grantees]} to statements; `get_dcl_macro` is get_grant_sql or get_revoke_sql. #}
{% macro get_dcl_statement_list(relation, grant_config, get_dcl_macro) %}
  {{ return(adapter.dispatch('get_dcl_statement_list', 'dbt')(relation, grant_config, get_dcl_macro)) }}
{% endmacro %}

{%- macro default__get_dcl_statement_list(relation, grant_config, get_dcl_macro) -%}
  {%- set statements = [] -%}
  {%- for privilege, grantees in grant_config.items() -%}
    {%- set together = grantees and support_multiple_grantees_per_dcl_statement() -%}
    {%- for group in ([grantees] if together else grantees | batch(1)) -%}
      {%- do statements.append(get_dcl_macro(relation, privilege, group)) -%}
    {%- endfor -%}
  {%- endfor -%}
  {{ return(statements) }}
{%- endmacro %}

{% macro call_dcl_statements(dcl_statement_list) %}
  {{ return(adapter.dispatch('call_dcl_statements', 'dbt')(dcl_statement_list)) }}
{% endmacro %}

{% macro default__call_dcl_statements(dcl_statement_list) %}
  {%- call statement('grants') -%}
    {{ dcl_statement_list | join(';\n') }};
  {%- endcall -%}
{% endmacro %}
