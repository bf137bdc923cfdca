{#
  The first run and a full refresh make the table; every other run puts the query's rows into a temporary table and
  hands it to a strategy, which changes the target in one statement.
#}

{%- materialization incremental, default -%}
  {%- set target_relation = this.incorporate(type='table') -%}
  {%- set plan = tenon_plan_replacement(target_relation) -%}
  {%- set existing_relation = plan.existing -%}
  {%- set is_new = existing_relation is none -%}
  {%- set rebuild = should_full_refresh() or not (is_new or existing_relation.is_table) -%}
  {%- set temp_relation = none -%}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {#- looked up even when not needed: a wrong name is an error from the first run on -#}
  {%- set strategy = adapter.get_incremental_strategy_macro(context, config.get('incremental_strategy') or 'default') -%}

  {%- if is_new -%}
    {%- set built = target_relation -%}
    {%- set build_sql = get_create_table_as_sql(False, target_relation, sql) -%}
  {%- elif rebuild -%}
    {%- set built = plan.intermediate -%}
    {%- set build_sql = get_create_table_as_sql(False, plan.intermediate, sql) -%}
  {%- else -%}
    {%- set temp_relation = make_temp_relation(target_relation) -%}
    {%- set build_sql = strategy(tenon_stage_increment(temp_relation, target_relation, existing_relation)) -%}
  {%- endif -%}

  {%- call statement('main') -%}
    {{ build_sql }}
  {%- endcall -%}
  {%- if temp_relation is not none -%}
    {%- do tenon_drop_temporary(temp_relation) -%}
  {%- else -%}
    {%- do create_indexes(built) -%}
  {%- endif -%}
  {%- if rebuild and not is_new -%}
    {%- do tenon_swap_relation(plan) -%}
  {%- endif -%}

  {%- set revoke = should_revoke(existing_relation, rebuild) -%}
  {%- do apply_grants(target_relation, config.get('grants'), should_revoke=revoke) -%}
  {%- do persist_docs(target_relation, model) -%}
  {{ run_hooks(post_hooks, inside_transaction=True) }}

  {%- if rebuild and not is_new -%}
    {%- do tenon_finish_replacement(plan) -%}
  {%- endif -%}
  {{ adapter.commit() }}

  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [target_relation]}) }}
{%- endmaterialization -%}

{#
  Fills the temporary table, makes the target's columns fit, and returns what a strategy is told. The transaction opens
  here: columns that were changed must change back when the strategy's statement fails.
#}
{% macro tenon_stage_increment(temp_relation, target_relation, existing_relation) %}
  {%- do adapter.begin_transaction() -%}
  {%- do run_query(get_create_table_as_sql(True, temp_relation, sql)) -%}
  {%- set contract = config.get('contract') -%}
  {%- if not (contract and contract.enforced) -%}
    {%- do adapter.expand_target_column_types(from_relation=temp_relation, to_relation=target_relation) -%}
  {%- endif -%}
  {%- set on_schema_change = incremental_validate_on_schema_change(config.get('on_schema_change'), default='ignore') -%}
  {%- set columns = process_schema_changes(on_schema_change, temp_relation, existing_relation) -%}
  {{ return({
    'target_relation': target_relation,
    'temp_relation': temp_relation,
    'unique_key': config.get('unique_key'),
    'dest_columns': columns or adapter.get_columns_in_relation(existing_relation),
    'incremental_predicates': config.get('predicates', none) or config.get('incremental_predicates', none)
  }) }}
{% endmacro %}
