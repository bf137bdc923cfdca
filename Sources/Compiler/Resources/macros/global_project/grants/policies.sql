{# Facts about a server's grants that decide how they are applied. #}

{# Does a new relation under an old name inherit the old one's grants? #}
{% macro copy_grants() %}
  {{ return(adapter.dispatch('copy_grants', 'dbt')()) }}
{% endmacro %}

{% macro default__copy_grants() %}
  {{ return(True) }}
{% endmacro %}

{# May one GRANT name several roles? #}
{% macro support_multiple_grantees_per_dcl_statement() %}
  {{ return(adapter.dispatch('support_multiple_grantees_per_dcl_statement', 'dbt')()) }}
{% endmacro %}

{%- macro default__support_multiple_grantees_per_dcl_statement() -%}
  {{ return(True) }}
{%- endmacro -%}

{# Could the relation have grants by now? Not if it is new; if it was replaced, only where grants are inherited. #}
{% macro should_revoke(existing_relation, full_refresh_mode=True) %}
  {{ return((copy_grants() if full_refresh_mode else True) if existing_relation else False) }}
{% endmacro %}
