{#
  Filled beside the old table and swapped in, indexes included; the hooks before the commit see the new table under
  its own name. Unlike with a view, they run ahead of grants and comments.
#}

{%- materialization table, default -%}
  {%- set target_relation = this.incorporate(type='table') -%}
  {%- set plan = tenon_plan_replacement(target_relation) -%}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {%- call statement('main') -%}
    {{ get_create_table_as_sql(False, plan.intermediate, sql) }}
  {%- endcall -%}
  {%- do create_indexes(plan.intermediate) -%}
  {%- do tenon_swap_relation(plan) -%}

  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {%- set revoke = should_revoke(plan.existing, full_refresh_mode=True) -%}
  {%- do apply_grants(target_relation, config.get('grants'), should_revoke=revoke) -%}
  {%- do persist_docs(target_relation, model) -%}

  {%- do tenon_finish_replacement(plan) -%}
  {{ adapter.commit() }}

  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [target_relation]}) }}
{%- endmaterialization -%}
