{#
  Made, replaced, altered or refreshed: one statement, chosen by what stands there and what changed in the
  configuration. The pieces are macros of their own because adapters override them one by one.
#}

{%- materialization materialized_view, default -%}
  {%- set existing_relation = load_cached_relation(this) -%}
  {%- set target_relation = this.incorporate(type=this.MaterializedView) -%}
  {%- set intermediate_relation = tenon_unused_relation(make_intermediate_relation(target_relation)) -%}
  {%- set backup_relation = tenon_unused_relation(make_backup_relation(
    target_relation, target_relation.MaterializedView if existing_relation is none else existing_relation.type
  )) -%}

  {{ materialized_view_setup(backup_relation, intermediate_relation, pre_hooks) }}
  {%- set build_sql = materialized_view_get_build_sql(
    existing_relation, target_relation, backup_relation, intermediate_relation
  ) -%}
  {%- if build_sql == '' -%}
    {{ materialized_view_execute_no_op(target_relation) }}
  {%- else -%}
    {{ materialized_view_execute_build_sql(build_sql, existing_relation, target_relation, post_hooks) }}
  {%- endif -%}
  {{ materialized_view_teardown(backup_relation, intermediate_relation, post_hooks) }}

  {{ return({'relations': [target_relation]}) }}
{%- endmaterialization -%}

{# The names of the materialization above are free; packages may give others, which are cleared before and after. #}
{% macro materialized_view_setup(backup_relation, intermediate_relation, pre_hooks) %}
  {%- for relation in [intermediate_relation, backup_relation] -%}
    {%- do drop_relation_if_exists(load_cached_relation(relation)) -%}
  {%- endfor -%}
  {{ run_hooks(pre_hooks, inside_transaction=False) }}
{% endmacro %}

{% macro materialized_view_teardown(backup_relation, intermediate_relation, post_hooks) %}
  {%- for relation in [intermediate_relation, backup_relation] -%}
    {%- if tenon_is_taken(relation) -%}
      {%- do drop_relation_if_exists(relation) -%}
    {%- endif -%}
  {%- endfor -%}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
{% endmacro %}

{# The statement to run, or '' when the configuration changed and the user wants to hear of it only. #}
{% macro materialized_view_get_build_sql(existing_relation, target_relation, backup_relation, intermediate_relation) %}
  {%- if existing_relation is none -%}
    {{ return(get_create_materialized_view_as_sql(target_relation, sql)) }}
  {%- elif should_full_refresh() or not existing_relation.is_materialized_view -%}
    {{ return(get_replace_sql(existing_relation, target_relation, sql)) }}
  {%- endif -%}

  {%- set policy = config.get('on_configuration_change') -%}
  {%- set changes = get_materialized_view_configuration_changes(existing_relation, config) -%}
  {%- set notice = 'Configuration changes were identified and `on_configuration_change` was set to `' ~ policy
    ~ '` for `' ~ target_relation.render() ~ '`' -%}
  {%- if changes is none -%}
    {{ return(refresh_materialized_view(target_relation)) }}
  {%- elif policy == 'apply' -%}
    {{ return(get_alter_materialized_view_as_sql(
      target_relation, changes, sql, existing_relation, backup_relation, intermediate_relation
    )) }}
  {%- elif policy == 'continue' -%}
    {{ exceptions.warn(notice) }}
    {{ return('') }}
  {%- elif policy == 'fail' -%}
    {{ exceptions.raise_fail_fast_error(notice) }}
  {%- endif -%}
  {{ exceptions.raise_compiler_error('Unexpected configuration scenario') }}
{% endmacro %}

{% macro materialized_view_execute_no_op(target_relation) %}
  {%- do store_raw_result(name='main', message='skip ' ~ target_relation, code='skip', rows_affected='-1') -%}
{% endmacro %}

{% macro materialized_view_execute_build_sql(build_sql, existing_relation, target_relation, post_hooks) %}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}
  {%- call statement(name='main') -%}
    {{ build_sql }}
  {%- endcall -%}
  {%- set revoke = should_revoke(existing_relation, full_refresh_mode=True) -%}
  {%- do apply_grants(target_relation, config.get('grants'), should_revoke=revoke) -%}
  {%- do persist_docs(target_relation, model) -%}
  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {{ adapter.commit() }}
{% endmacro %}
