{# PostgreSQL runs no Python models. The names exist, because packages for several servers mention them. #}

{% macro resolve_model_name(input_model_name) %}
  {{ return(adapter.dispatch('resolve_model_name', 'dbt')(input_model_name)) }}
{% endmacro %}

{%- macro default__resolve_model_name(input_model_name) -%}
  {{ input_model_name | string }}
{%- endmacro -%}

{% macro tenon_no_python_models() %}
  {{ exceptions.raise_compiler_error('Python models are not supported on PostgreSQL') }}
{% endmacro %}

{% macro build_ref_function(model) %}{{ tenon_no_python_models() }}{% endmacro %}
{% macro build_source_function(model) %}{{ tenon_no_python_models() }}{% endmacro %}
{% macro build_config_dict(model) %}{{ tenon_no_python_models() }}{% endmacro %}
{% macro py_script_postfix(model) %}{{ tenon_no_python_models() }}{% endmacro %}
{% macro py_script_comment() %}{% endmacro %}
