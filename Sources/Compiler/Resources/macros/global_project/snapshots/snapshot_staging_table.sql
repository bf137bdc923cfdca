{#
  What changed since the last run, as one query. dbt_change_type says what the merge is to do with a row:

      insert   a new version: of a row never seen, one that changed, one that came back, or (new_record) one that is
               gone, marked as deleted
      update   closes the version that was valid so far
      delete   closes the version of a row that is gone

  `row_changed` of a strategy speaks of `snapshotted_data` (valid versions) and `source_data` (the query's rows).
#}

{% macro snapshot_staging_table(strategy, source_sql, target_relation) -%}
  {{ adapter.dispatch('snapshot_staging_table', 'dbt')(strategy, source_sql, target_relation) }}
{%- endmacro %}

{% macro default__snapshot_staging_table(strategy, source_sql, target_relation) -%}
    {%- set columns = tenon_snapshot_columns() -%}
    {%- set key = strategy.unique_key -%}
    {%- set marks_deleted = strategy.hard_deletes == 'new_record' -%}
    {%- set closes_deleted = marks_deleted or strategy.hard_deletes == 'invalidate' -%}
    {%- set deleted_flag = 'snapshotted_data.' ~ columns.dbt_is_deleted -%}
    {%- set same_row = unique_key_join_on(key, 'snapshotted_data', 'source_data') -%}
    {%- set changed -%}
      ({{ strategy.row_changed }}{% if marks_deleted %} or {{ deleted_flag }} = 'True'{% endif %})
    {%- endset -%}
    with snapshot_query as (
        {{ source_sql }}
    ),

    snapshotted_data as (
        select *, {{ unique_key_fields(key) }}
        from {{ target_relation }}
        where {{ tenon_snapshot_is_current(columns) }}
    ),

    new_versions as (
        select *, {{ unique_key_fields(key) }},
            {{ strategy.updated_at }} as {{ columns.dbt_updated_at }},
            {{ strategy.updated_at }} as {{ columns.dbt_valid_from }},
            {{ get_dbt_valid_to_current(strategy, columns) }},
            {{ strategy.scd_id }} as {{ columns.dbt_scd_id }}
        from snapshot_query
    ),

    closing_versions as (
        select *, {{ unique_key_fields(key) }},
            {{ strategy.updated_at }} as {{ columns.dbt_updated_at }},
            {{ strategy.updated_at }} as {{ columns.dbt_valid_from }},
            {{ strategy.updated_at }} as {{ columns.dbt_valid_to }}
        from snapshot_query
    ),

    insertions as (
        select
            'insert' as dbt_change_type,
            source_data.*
            {{- ", 'False' as " ~ columns.dbt_is_deleted if marks_deleted }}
        from new_versions as source_data
        left outer join snapshotted_data on {{ same_row }}
        where {{ unique_key_is_null(key, 'snapshotted_data') }}
            or ({{ unique_key_is_not_null(key, 'snapshotted_data') }} and {{ changed }})
    ),

    updates as (
        select
            'update' as dbt_change_type,
            source_data.*,
            snapshotted_data.{{ columns.dbt_scd_id }}
            {{- ', ' ~ deleted_flag if marks_deleted }}
        from closing_versions as source_data
        join snapshotted_data on {{ same_row }}
        where {{ changed }}
    )
    {%- if closes_deleted %},

    keyed_source as (
        select *, {{ unique_key_fields(key) }} from snapshot_query
    ),

    deletes as (
        select
            'delete' as dbt_change_type,
            source_data.*,
            {{ snapshot_get_time() }} as {{ columns.dbt_valid_from }},
            {{ snapshot_get_time() }} as {{ columns.dbt_updated_at }},
            {{ snapshot_get_time() }} as {{ columns.dbt_valid_to }},
            snapshotted_data.{{ columns.dbt_scd_id }}
            {{- ', ' ~ deleted_flag if marks_deleted }}
        from snapshotted_data
        left join keyed_source as source_data on {{ same_row }}
        where {{ unique_key_is_null(key, 'source_data') }}
        {%- if marks_deleted %}
            and not {{ tenon_snapshot_known_deleted(columns) }}
        {%- endif %}
    )
    {%- endif %}
    {%- if marks_deleted %},

    deletion_records as (
        {{ tenon_snapshot_deletion_records(strategy, source_sql, target_relation, columns, same_row) }}
    )
    {%- endif %}

    select * from insertions
    union all
    select * from updates
    {%- if closes_deleted %}
    union all
    select * from deletes
    {%- endif %}
    {%- if marks_deleted %}
    union all
    select * from deletion_records
    {%- endif %}
{%- endmacro %}

{# A row that went before, and whose mark is the valid version already: it is not marked or closed again. #}
{% macro tenon_snapshot_known_deleted(columns) -%}
  {%- set far_date = config.get('dbt_valid_to_current') -%}
  (snapshotted_data.{{ columns.dbt_is_deleted }} = 'True' and snapshotted_data.{{ columns.dbt_valid_to }}
    {{- ' = ' ~ far_date if far_date else ' is null' }})
{%- endmacro %}

{# Marks of rows that are gone: their last known values. Columns the snapshot has not yet are null. #}
{% macro tenon_snapshot_deletion_records(strategy, source_sql, target_relation, columns, same_row) -%}
  {%- set kept = get_list_of_column_names(get_columns_in_relation(target_relation)) -%}
        select
            'insert' as dbt_change_type,
            {%- for name in get_columns_in_query(source_sql) %}
            {{ 'snapshotted_data' if name in kept else 'source_data' }}.{{ adapter.quote(name) }},
            {%- endfor %}
            {%- if strategy.unique_key | is_list %}
            {%- for part in strategy.unique_key %}
            snapshotted_data.dbt_unique_key_{{ loop.index }},
            {%- endfor %}
            {%- else %}
            snapshotted_data.dbt_unique_key,
            {%- endif %}
            {{ snapshot_get_time() }} as {{ columns.dbt_valid_from }},
            {{ snapshot_get_time() }} as {{ columns.dbt_updated_at }},
            snapshotted_data.{{ columns.dbt_valid_to }} as {{ columns.dbt_valid_to }},
            {{ snapshot_hash_arguments([columns.dbt_scd_id, snapshot_get_time()]) }} as {{ columns.dbt_scd_id }},
            'True' as {{ columns.dbt_is_deleted }}
        from snapshotted_data
        left join keyed_source as source_data on {{ same_row }}
        where {{ unique_key_is_null(strategy.unique_key, 'source_data') }}
            and not {{ tenon_snapshot_known_deleted(columns) }}
{%- endmacro %}

{# The query's rows in a temporary table. #}
{% macro build_snapshot_staging_table(strategy, sql, target_relation) %}
  {%- set staging_table = make_temp_relation(target_relation) -%}
  {%- set select_sql = snapshot_staging_table(strategy, sql, target_relation) -%}
  {%- call statement('build_snapshot_staging_relation') -%}
    {{ create_table_as(True, staging_table, select_sql) }}
  {%- endcall -%}
  {{ return(staging_table) }}
{% endmacro %}

{# After the commit, for adapters and projects that keep the staging table elsewhere. #}
{% macro post_snapshot(staging_relation) %}
  {{ adapter.dispatch('post_snapshot', 'dbt')(staging_relation) }}
{% endmacro %}

{% macro default__post_snapshot(staging_relation) %}
{% endmacro %}
