{#
  A strategy is a macro called snapshot_<name>_strategy that says when a row has changed and how its versions are told
  apart; projects and packages add their own, as `name` or `package.name`.
#}

{% macro strategy_dispatch(name) -%}
  {%- set package, place, strategy = none, context, name -%}
  {%- if '.' in name -%}
    {%- set package, strategy = name.split('.', 1) -%}
    {%- if package not in context -%}
      {{ exceptions.raise_compiler_error("Could not find package '" ~ package ~ "', called with '" ~ name ~ "'") }}
    {%- endif -%}
    {%- set place = context[package] -%}
  {%- endif -%}
  {%- set macro_name = 'snapshot_' ~ strategy ~ '_strategy' -%}
  {%- if macro_name not in place -%}
    {{ exceptions.raise_compiler_error(
      "The specified strategy macro '" ~ strategy ~ "' was not found in package '" ~ package ~ "'"
    ) }}
  {%- endif -%}
  {{ return(place[macro_name]) }}
{%- endmacro %}

{# What every built-in strategy answers; versions of a row are told apart by its key and the time of the change. #}
{% macro tenon_snapshot_strategy(row_changed, updated_at) %}
  {%- set key = config.get('unique_key') -%}
  {%- set hard_deletes = adapter.get_hard_deletes_behavior(config) -%}
  {{ return({
    'unique_key': key,
    'updated_at': updated_at,
    'row_changed': row_changed,
    'scd_id': snapshot_hash_arguments(api.Relation.scd_args(key, updated_at)),
    'invalidate_hard_deletes': hard_deletes == 'invalidate',
    'hard_deletes': hard_deletes
  }) }}
{% endmacro %}

{#
  A row has changed when its updated_at is later than the beginning of its valid version: that column is there even
  for versions which another strategy made.
#}
{% macro snapshot_timestamp_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) %}
  {%- set updated_at = config.get('updated_at') -%}
  {%- set began = snapshotted_rel ~ '.' ~ tenon_snapshot_columns().dbt_valid_from -%}
  {{ return(tenon_snapshot_strategy('(' ~ began ~ ' < ' ~ current_rel ~ '.' ~ updated_at ~ ')', updated_at)) }}
{% endmacro %}

{# A row has changed when one of the checked columns has, null being a value; or when there is a column more. #}
{% macro snapshot_check_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) %}
  {%- set column_added, checked = snapshot_check_all_get_existing_columns(
    node, target_exists, config.get('check_cols')
  ) -%}
  {%- set comparisons = [] -%}
  {%- for name in checked or [] -%}
    {%- do comparisons.append(tenon_snapshot_value_differs(snapshotted_rel ~ '.' ~ name, current_rel ~ '.' ~ name)) -%}
  {%- endfor -%}
  {%- set row_changed = get_true_sql() if column_added else comparisons | join(' or ') -%}
  {{ return(tenon_snapshot_strategy('(' ~ row_changed ~ ')', config.get('updated_at') or snapshot_get_time())) }}
{% endmacro %}

{% macro tenon_snapshot_value_differs(old, new) -%}
  {{ old }} != {{ new }}
    or ({{ old }} is null and {{ new }} is not null)
    or ({{ old }} is not null and {{ new }} is null)
{%- endmacro %}

{# (whether the query has a column that the snapshot lacks, the quoted names of those checked columns it has) #}
{% macro snapshot_check_all_get_existing_columns(node, target_exists, check_cols_config) -%}
  {%- if not target_exists -%}
    {{ return((false, [])) }}
  {%- endif -%}
  {%- if check_cols_config == 'all' -%}
    {%- set wanted = get_columns_in_query(node['compiled_code']) -%}
  {%- elif check_cols_config is iterable and check_cols_config | length > 0 -%}
    {#- asked of the server, so that names come back in its spelling -#}
    {%- set wanted = get_columns_in_query(
      'select ' ~ check_cols_config | join(', ') ~ ' from (\n' ~ node['compiled_code'] ~ '\n) subq'
    ) -%}
  {%- else -%}
    {{ exceptions.raise_compiler_error("Invalid value for 'check_cols': " ~ check_cols_config) }}
  {%- endif -%}
  {%- set snapshot = adapter.get_relation(database=node.database, schema=node.schema, identifier=node.alias) -%}
  {%- set present = adapter.get_columns_in_relation(snapshot) | map(attribute='name') | list -%}
  {%- set known = [] -%}
  {%- for name in wanted if name in present -%}
    {%- do known.append(adapter.quote(name)) -%}
  {%- endfor -%}
  {{ return((known | length < wanted | length, known)) }}
{%- endmacro %}
