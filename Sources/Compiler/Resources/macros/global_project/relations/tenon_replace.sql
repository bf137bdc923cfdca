{#
  The one way in which relations are replaced, renamed, emptied and dropped. Whatever needs to know of such a
  change (dependants to keep, locks to take, a transaction over the whole run) belongs here and nowhere else.

      plan = tenon_plan_replacement(target)       what stands there now, and free names beside it
      …                                           build plan.intermediate
      tenon_swap_relation(plan)                   the new one takes the name, the old one steps aside
      …                                           grants, comments, hooks
      tenon_finish_replacement(plan)              the old one goes, in the same transaction

  All of it happens in one transaction: readers see the old relation, then the new one, and a run that is killed
  at any moment leaves neither half a relation nor one with a temporary name.
#}

{# The function beneath: runs one change of relations. `auto_begin` as in `statement`. #}
{% macro tenon_relation_ddl(action, sql, auto_begin=true) %}
  {%- call statement(action, auto_begin=auto_begin) -%}
    {{ sql }}
  {%- endcall -%}
{% endmacro %}

{#
  `existing` is none, or the relation that the target's name belongs to. A function does not count: PostgreSQL
  keeps the names of functions apart from those of relations.
#}
{% macro tenon_plan_replacement(target_relation) %}
  {%- set existing = load_cached_relation(target_relation) -%}
  {%- if existing is not none and existing.type == 'function' -%}
    {%- set existing = none -%}
  {%- endif -%}
  {%- set backup = none -%}
  {%- if existing is not none -%}
    {%- set backup = tenon_unused_relation(make_backup_relation(target_relation, existing.type)) -%}
  {%- endif -%}
  {{ return({
    'target': target_relation,
    'existing': existing,
    'intermediate': tenon_unused_relation(make_intermediate_relation(target_relation)),
    'backup': backup
  }) }}
{% endmacro %}

{# A hook may have dropped the old relation since the plan was made; then there is nothing to move aside. #}
{% macro tenon_swap_relation(plan) %}
  {%- if plan.existing is not none and load_cached_relation(plan.existing) is none -%}
    {%- do plan.update({'existing': none, 'backup': none}) -%}
  {%- endif -%}
  {%- if plan.existing is not none -%}
    {%- do adapter.rename_relation(plan.existing, plan.backup) -%}
  {%- endif -%}
  {%- do adapter.rename_relation(plan.intermediate, plan.target) -%}
{% endmacro %}

{% macro tenon_finish_replacement(plan) %}
  {%- if plan.backup is not none -%}
    {%- do drop_relation_if_exists(plan.backup) -%}
  {%- endif -%}
  {%- do tenon_settle_index_names(plan.intermediate, plan.target) -%}
{% endmacro %}

{# `adapter.drop_relation` opens no transaction; here the drop must share the one of what comes next. #}
{% macro tenon_drop_in_transaction(relation) %}
  {%- do adapter.begin_transaction() -%}
  {%- do adapter.drop_relation(relation) -%}
{% endmacro %}

{# Sessions are used again for other nodes, so a temporary table is not kept until its session ends. #}
{% macro tenon_drop_temporary(relation, auto_begin=true) %}
  {%- if relation.schema is none -%}
    {%- do tenon_relation_ddl(
      'drop_temporary', 'drop table if exists pg_temp.' ~ relation.render(), auto_begin=auto_begin
    ) -%}
  {%- endif -%}
{% endmacro %}
