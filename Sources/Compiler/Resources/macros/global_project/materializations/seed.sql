{#
  A CSV file's rows in a table. The table stays from run to run and is emptied first, so what depends on it stays too;
  a full refresh makes it anew. Either way everything is one transaction.
#}

{%- materialization seed, default -%}
  {%- set full_refresh = should_full_refresh() -%}
  {%- set old = adapter.get_relation(database=database, schema=schema, identifier=model['alias']) -%}
  {%- set stays = old is not none and old.is_table -%}
  {%- set agate_table = load_agate_table() -%}
  {%- do store_result('agate_table', response='OK', agate_table=agate_table) -%}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {%- if old is not none and old.is_view -%}
    {{ exceptions.raise_compiler_error("Cannot seed to '" ~ old.render() ~ "', it is a view") }}
  {%- elif stays -%}
    {%- set table_sql = reset_csv_table(model, full_refresh, old, agate_table) -%}
  {%- else -%}
    {%- set table_sql = create_csv_table(model, agate_table) -%}
  {%- endif -%}

  {%- set row_count = agate_table.rows | length -%}
  {%- set load_sql = load_csv_rows(model, agate_table) if row_count > 0 else '' -%}
  {%- set code = 'CREATE' if full_refresh else 'INSERT' -%}
  {%- call noop_statement('main', code ~ ' ' ~ row_count, code, row_count) -%}
    {{ get_csv_sql(table_sql, load_sql) }};
  {%- endcall -%}

  {%- set target_relation = this.incorporate(type='table') -%}
  {%- set revoke = should_revoke(old, full_refresh) -%}
  {%- do apply_grants(target_relation, config.get('grants'), should_revoke=revoke) -%}
  {%- do persist_docs(target_relation, model) -%}
  {%- if full_refresh or not stays -%}
    {%- do create_indexes(target_relation) -%}
  {%- endif -%}

  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {{ adapter.commit() }}

  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [target_relation]}) }}
{%- endmaterialization -%}
