{#
  The history of a query's rows. The first run keeps every row; later ones stage what changed in a temporary table and
  merge it: an old row is closed, a new one opened.
#}

{%- materialization snapshot, default -%}
  {%- set exists, target_relation = get_or_create_relation(
    database=model.database, schema=model.schema, identifier=model.get('alias', model.get('name')), type='table'
  ) -%}
  {%- if not target_relation.is_table -%}
    {%- do exceptions.relation_wrong_type(target_relation, 'table') -%}
  {%- endif -%}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {%- set strategy_macro = strategy_dispatch(config.get('strategy')) -%}
  {%- set strategy = strategy_macro(model, 'snapshotted_data', 'source_data', model['config'], exists) -%}

  {%- if exists -%}
    {%- set names = tenon_snapshot_columns() -%}
    {{ adapter.assert_valid_snapshot_target_given_strategy(target_relation, names, strategy) }}
    {%- set staging_table = build_snapshot_staging_table(strategy, sql, target_relation) -%}
    {%- do adapter.expand_target_column_types(from_relation=staging_table, to_relation=target_relation) -%}
    {%- set columns = tenon_snapshot_insert_columns(staging_table, target_relation, strategy) -%}
    {%- set main_sql = snapshot_merge_sql(target=target_relation, source=staging_table, insert_cols=columns) -%}
    {{ check_time_data_types(snapshot_staging_table(strategy, sql, target_relation)) }}
  {%- else -%}
    {%- set select_sql = build_snapshot_table(strategy, model['compiled_code']) -%}
    {%- set main_sql = create_table_as(False, target_relation, select_sql) -%}
    {{ check_time_data_types(select_sql) }}
  {%- endif -%}

  {%- call statement('main') -%}
    {{ main_sql }}
  {%- endcall -%}

  {%- set revoke = should_revoke(exists, full_refresh_mode=False) -%}
  {%- do apply_grants(target_relation, config.get('grants'), should_revoke=revoke) -%}
  {%- do persist_docs(target_relation, model) -%}
  {%- if not exists -%}
    {%- do create_indexes(target_relation) -%}
  {%- endif -%}
  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {{ adapter.commit() }}

  {%- if exists -%}
    {%- do post_snapshot(staging_table) -%}
    {%- do tenon_drop_temporary(staging_table, auto_begin=false) -%}
  {%- endif -%}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [target_relation]}) }}
{%- endmaterialization -%}

{# Adds the query's new columns to the snapshot; returns the quoted names of those that a new row has. #}
{% macro tenon_snapshot_insert_columns(staging_table, target_relation, strategy) %}
  {%- set internal = ['dbt_change_type', 'dbt_unique_key'] -%}
  {%- if strategy.unique_key | is_list -%}
    {%- for key in strategy.unique_key -%}
      {%- do internal.append('dbt_unique_key_' ~ loop.index) -%}
    {%- endfor -%}
  {%- endif -%}
  {%- set internal = internal + internal | map('upper') | list -%}
  {%- do create_columns(
    target_relation,
    adapter.get_missing_columns(staging_table, target_relation) | rejectattr('name', 'in', internal) | list
  ) -%}
  {%- set names = [] -%}
  {%- for column in adapter.get_columns_in_relation(staging_table) if column.name not in internal -%}
    {%- do names.append(adapter.quote(column.name)) -%}
  {%- endfor -%}
  {{ return(names) }}
{% endmacro %}
