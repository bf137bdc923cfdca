{# What happens when an incremental model's query returns other columns than its table has. #}

{% macro incremental_validate_on_schema_change(on_schema_change, default='ignore') %}
  {%- if on_schema_change in ('sync_all_columns', 'append_new_columns', 'fail', 'ignore') -%}
    {{ return(on_schema_change) }}
  {%- endif -%}
  {%- do log(
    'Invalid value for on_schema_change (' ~ on_schema_change ~ ') specified. Setting default value of ' ~ default ~ '.'
  ) -%}
  {{ return(default) }}
{% endmacro %}

{# Carries out the policy. Returns the query's columns, or nothing when they were not looked at. #}
{% macro process_schema_changes(on_schema_change, source_relation, target_relation) %}
  {{ return(adapter.dispatch('process_schema_changes', 'dbt')(on_schema_change, source_relation, target_relation)) }}
{% endmacro %}

{% macro default__process_schema_changes(on_schema_change, source_relation, target_relation) %}
  {%- if on_schema_change == 'ignore' -%}
    {{ return({}) }}
  {%- endif -%}
  {%- set changes = check_for_schema_changes(source_relation, target_relation) -%}
  {%- if changes['schema_changed'] -%}
    {%- if on_schema_change == 'fail' -%}
      {{ exceptions.raise_compiler_error(tenon_schema_out_of_sync(changes)) }}
    {%- endif -%}
    {%- do sync_column_schemas(on_schema_change, target_relation, changes) -%}
  {%- endif -%}
  {{ return(changes['source_columns']) }}
{% endmacro %}

{% macro tenon_schema_out_of_sync(changes) %}
              The source and target schemas on this incremental model are out of sync!
              They can be reconciled in several ways:
                - set the `on_schema_change` config to either append_new_columns or sync_all_columns, depending on your situation.
                - Re-run the incremental model with `full_refresh: True` to update the target schema.
                - update the schema manually and re-run the process.

              Additional troubleshooting context:
                 Source columns not in target: {{ changes['source_not_in_target'] }}
                 Target columns not in source: {{ changes['target_not_in_source'] }}
                 New column types: {{ changes['new_target_types'] }}
{% endmacro %}

{% macro check_for_schema_changes(source_relation, target_relation) %}
  {{ return(adapter.dispatch('check_for_schema_changes', 'dbt')(source_relation, target_relation)) }}
{% endmacro %}

{% macro default__check_for_schema_changes(source_relation, target_relation) %}
  {%- set source_columns = adapter.get_columns_in_relation(source_relation) -%}
  {%- set target_columns = adapter.get_columns_in_relation(target_relation) -%}
  {%- set added = diff_columns(source_columns, target_columns) -%}
  {%- set removed = diff_columns(target_columns, source_columns) -%}
  {%- set retyped = diff_column_data_types(source_columns, target_columns) -%}
  {%- set changed = (added or removed or retyped) | length > 0 -%}
  {%- do log(
    '\n    In ' ~ target_relation ~ ':\n        Schema changed: ' ~ changed
    ~ '\n        Source columns not in target: ' ~ added
    ~ '\n        Target columns not in source: ' ~ removed
    ~ '\n        New column types: ' ~ retyped ~ '\n  '
  ) -%}
  {{ return({
    'schema_changed': changed,
    'source_not_in_target': added,
    'target_not_in_source': removed,
    'source_columns': source_columns,
    'target_columns': target_columns,
    'new_target_types': retyped
  }) }}
{% endmacro %}

{# Adds what is new; with sync_all_columns also drops what is gone and changes types. #}
{% macro sync_column_schemas(on_schema_change, target_relation, schema_changes_dict) %}
  {{ return(adapter.dispatch('sync_column_schemas', 'dbt')(on_schema_change, target_relation, schema_changes_dict)) }}
{% endmacro %}

{% macro default__sync_column_schemas(on_schema_change, target_relation, schema_changes_dict) %}
  {%- set added = schema_changes_dict['source_not_in_target'] -%}
  {%- set removed = schema_changes_dict['target_not_in_source'] -%}
  {%- set retyped = schema_changes_dict['new_target_types'] -%}
  {%- set in_full = on_schema_change == 'sync_all_columns' -%}

  {%- if in_full and (added or removed) -%}
    {%- do alter_relation_add_remove_columns(target_relation, added, removed) -%}
  {%- elif added and on_schema_change == 'append_new_columns' -%}
    {%- do alter_relation_add_remove_columns(target_relation, added, none) -%}
  {%- endif -%}
  {%- for change in (retyped if in_full else []) -%}
    {%- do alter_column_type(target_relation, change['column_name'], change['new_type']) -%}
  {%- endfor -%}

  {%- do log(
    '\n    In ' ~ target_relation ~ ':\n        Schema change approach: ' ~ on_schema_change
    ~ '\n        Columns added: ' ~ added
    ~ '\n        Columns removed: ' ~ removed
    ~ '\n        Data types changed: ' ~ retyped ~ '\n  '
  ) -%}
{% endmacro %}
