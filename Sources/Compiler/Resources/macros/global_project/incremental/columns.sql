{# Lists of columns, as the strategies need them. #}

{% macro get_quoted_csv(column_names) %}
  {%- set quoted = [] -%}
  {%- for name in column_names -%}
    {%- do quoted.append(adapter.quote(name)) -%}
  {%- endfor -%}
  {{ return(quoted | join(', ')) }}
{% endmacro %}

{# Columns of the source that the target lacks, by name. #}
{% macro diff_columns(source_columns, target_columns) %}
  {{ return(
    source_columns | rejectattr('name', 'in', target_columns | map(attribute='column') | list) | list
  ) }}
{% endmacro %}

{# Columns in both whose types differ by more than widening mends, as {column_name, new_type}. #}
{% macro diff_column_data_types(source_columns, target_columns) %}
  {{ return(adapter.dispatch('diff_column_data_types', 'dbt')(source_columns, target_columns)) }}
{% endmacro %}

{% macro default__diff_column_data_types(source_columns, target_columns) %}
  {%- set changes, targets = [], {} -%}
  {%- for column in target_columns if column.name not in targets -%}
    {%- do targets.update({column.name: column}) -%}
  {%- endfor -%}
  {%- for column in source_columns if column.name in targets -%}
    {%- set target = targets[column.name] -%}
    {%- if column.expanded_data_type != target.expanded_data_type and not column.can_expand_to(other_column=target) -%}
      {%- do changes.append({'column_name': target.name, 'new_type': column.expanded_data_type}) -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(changes) }}
{% endmacro %}

{# Which columns a MERGE sets: all, those named, or all but those named. #}
{% macro get_merge_update_columns(merge_update_columns, merge_exclude_columns, dest_columns) %}
  {{ return(adapter.dispatch('get_merge_update_columns', 'dbt')(
    merge_update_columns, merge_exclude_columns, dest_columns
  )) }}
{% endmacro %}

{% macro default__get_merge_update_columns(merge_update_columns, merge_exclude_columns, dest_columns) %}
  {%- if merge_update_columns and merge_exclude_columns -%}
    {{ exceptions.raise_compiler_error(
      'Model cannot specify merge_update_columns and merge_exclude_columns. Please update model to use only one config'
    ) }}
  {%- elif merge_update_columns -%}
    {{ return(merge_update_columns) }}
  {%- endif -%}
  {%- set left_out = (merge_exclude_columns or []) | map('lower') | list -%}
  {%- set updated = [] -%}
  {%- for column in dest_columns if column.column | lower not in left_out -%}
    {%- do updated.append(column.quoted) -%}
  {%- endfor -%}
  {{ return(updated) }}
{% endmacro %}
