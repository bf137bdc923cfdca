{#
  A test is a query for failing rows, counted. With stored failures the rows are kept in a relation first and counted
  there.
#}

{%- materialization test, default -%}
  {%- set header = (config.get('sql_header') if flags.REQUIRE_SQL_HEADER_IN_TEST_CONFIGS) or '' -%}
  {%- set failing_rows = get_limit_subquery_sql(sql, config.get('limit')) -%}
  {%- set relations = [] -%}

  {%- if should_store_failures() -%}
    {%- set kind = config.get('store_failures_as') or 'table' -%}
    {%- if kind not in ('table', 'view') -%}
      {{ exceptions.raise_compiler_error(
        "'" ~ kind ~ "' is not a valid value for `store_failures_as`. Accepted values are: ['ephemeral', 'table', 'view']"
      ) }}
    {%- endif -%}
    {%- set old = adapter.get_relation(database=database, schema=schema, identifier=model['alias']) -%}
    {%- set kept = api.Relation.create(database=database, schema=schema, identifier=model['alias'], type=kind) -%}
    {%- if old -%}
      {%- do tenon_drop_in_transaction(old) -%}
    {%- endif -%}
    {%- call statement(auto_begin=True) -%}
      {{ header }}
      {{ get_create_sql(kept, failing_rows) }}
    {%- endcall -%}
    {{ adapter.commit() }}
    {%- do relations.append(kept) -%}
    {%- set failing_rows = 'select *\n        from ' ~ kept -%}
  {%- endif -%}

  {%- call statement('main', fetch_result=True) -%}
    {{ header }}
    {{ get_test_sql(
      failing_rows, config.get('fail_calc'), config.get('warn_if'), config.get('error_if'), limit=none
    ) }}
  {%- endcall -%}
  {{ return({'relations': relations}) }}
{%- endmaterialization -%}

{# The count and the two verdicts. `limit` is for callers whose query has none yet. #}
{% macro get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) -%}
  {{ adapter.dispatch('get_test_sql', 'dbt')(main_sql, fail_calc, warn_if, error_if, limit) }}
{%- endmacro %}

{% macro default__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) -%}
    select
      {{ fail_calc }} as failures,
      {{ fail_calc }} {{ warn_if }} as should_warn,
      {{ fail_calc }} {{ error_if }} as should_error
    from (
      {{ main_sql }}
      {{ 'limit ' ~ limit if limit != none }}
    ) dbt_internal_test
{%- endmacro %}
