{#
  A unit test: the model's query over given rows, next to the expected rows; who compares them is the caller. An empty
  temporary table tells the types of the query's columns, to which the expected values are cast.
#}

{%- materialization unit, default -%}
  {%- set header = (config.get('sql_header') if flags.REQUIRE_SQL_HEADER_IN_TEST_CONFIGS) or '' -%}
  {%- set rows = config.get('expected_rows') -%}
  {%- set compared = rows[0].keys() if rows else get_columns_in_query(sql) -%}

  {%- set probe = make_temp_relation(this.incorporate(type='table')) -%}
  {%- do adapter.begin_transaction() -%}
  {%- do run_query(get_create_table_as_sql(True, probe, get_empty_subquery_sql(sql))) -%}
  {%- set types, quoted = {}, {} -%}
  {%- for column in adapter.get_columns_in_relation(probe) -%}
    {%- do types.update({column.name | lower: column.data_type}) -%}
    {%- do quoted.update({column.name | lower: column.quoted}) -%}
  {%- endfor -%}

  {%- set names = [] -%}
  {%- for name in compared -%}
    {%- do names.append(quoted[name | lower]) -%}
  {%- endfor -%}
  {%- set expected = config.get('expected_sql') or get_expected_sql(rows, types, quoted) -%}
  {%- set comparison = get_unit_test_sql(sql, expected, names) -%}
  {%- call statement('main', fetch_result=True) -%}
    {{ header }}
    {{ comparison }}
  {%- endcall -%}

  {%- do adapter.drop_relation(probe) -%}
  {{ return({'relations': []}) }}
{%- endmaterialization -%}
