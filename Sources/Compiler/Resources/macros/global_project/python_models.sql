{#
  The Python text that surrounds a Python model: names it can call, each of which ends in `load_df_function`, the
  server's way to read a table. PostgreSQL runs no Python models; packages written for several servers call these.
#}

{% macro resolve_model_name(input_model_name) %}
  {{ return(adapter.dispatch('resolve_model_name', 'dbt')(input_model_name)) }}
{% endmacro %}

{%- macro default__resolve_model_name(input_model_name) -%}
  {{ input_model_name | string }}
{%- endmacro -%}

{% macro build_ref_function(model) %}
  {%- set tables = {} -%}
  {%- for one in model.refs -%}
    {%- set path = [one.package, one.name] if one.package else [one.name] -%}
    {%- set found = ref(*path) if one.version is none else ref(*path, v=one.version) -%}
    {%- do tables.update({(path + [one.version]) | join('.'): resolve_model_name(found)}) -%}
  {%- endfor -%}
def ref(load_df_function, *path, v=None, version=None):
    return load_df_function({{ tables }}[".".join([*path, str(v or version)])])
{% endmacro %}

{% macro build_source_function(model) %}
  {%- set tables = {} -%}
  {%- for path in model.sources -%}
    {%- do tables.update({path | join('.'): resolve_model_name(source(*path))}) -%}
  {%- endfor -%}
def source(load_df_function, *path):
    return load_df_function({{ tables }}[".".join(path)])
{% endmacro %}

{% macro build_config_dict(model) %}
  {%- set used = {} -%}
  {%- for name in model.config.config_keys_used or [] -%}
    {%- do used.update({name: model.config[name]}) -%}
  {%- endfor -%}
config_dict = {{ used }}
{% endmacro %}

{% macro py_script_postfix(model) %}
{{ build_ref_function(model) }}
{{ build_source_function(model) }}
{{ build_config_dict(model) }}
def dbtObj(load_df_function):
    from functools import partial
    from types import SimpleNamespace
    return SimpleNamespace(
        ref=partial(ref, load_df_function),
        source=partial(source, load_df_function),
        config=SimpleNamespace(get=lambda name, default=None: config_dict.get(name, default)),
        this={{ resolve_model_name(this) | tojson }},
        is_incremental={{ is_incremental() }},
    )
{{ py_script_comment() }}
{% endmacro %}

{% macro py_script_comment() %}{% endmacro %}
