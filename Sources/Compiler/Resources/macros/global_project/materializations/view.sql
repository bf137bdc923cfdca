{%- materialization view, default -%}
  {%- set target_relation = this.incorporate(type='view') -%}
  {%- set plan = tenon_plan_replacement(target_relation) -%}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {%- call statement('main') -%}
    {{ get_create_view_as_sql(plan.intermediate, sql) }}
  {%- endcall -%}
  {%- do tenon_swap_relation(plan) -%}

  {%- set revoke = should_revoke(plan.existing, full_refresh_mode=True) -%}
  {%- do apply_grants(target_relation, config.get('grants'), should_revoke=revoke) -%}
  {%- do persist_docs(target_relation, model) -%}
  {{ run_hooks(post_hooks, inside_transaction=True) }}

  {%- do tenon_finish_replacement(plan) -%}
  {{ adapter.commit() }}

  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [target_relation]}) }}
{%- endmaterialization -%}
