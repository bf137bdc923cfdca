{% set answer = run_query("select id, name, height, born, active, at, empty from " ~ ref('people') ~ " order by id") %}
{% if execute %}
-- {{ answer.column_names }} {{ answer.rows | length }} {{ answer.columns | length }}
-- {{ answer.columns[0].values() }} {{ answer.columns['name'].values() }}
{% for row in answer.rows %}
-- {{ row[0] }} {{ row['name'] }} {{ row.height }} {{ row.born }} {{ row.active }} {{ row.at }} {{ row.empty }} {{ row.values() | list | length }}
{% endfor %}
{% for row in answer %}-- {{ row.id }}{{ loop.last }}
{% endfor %}
-- {{ answer.columns[2].values() | sum }} {{ answer.rows[1].keys() }} {{ answer.rows[0].dict()['name'] }}
{% endif %}
{%- call statement('counted', fetch_result=true) -%}
  select count(*) as n, max(height) as top, 1.0 / 3 as third, null as nothing, 12345678901234567890 as big, 'x' as word
{% if execute %} from {{ ref('people') }} {% endif %}
{%- endcall -%}
{%- set loaded = load_result('counted') -%}
select '{{ loaded["data"] if loaded }}' as data, '{{ loaded["response"] if loaded }}' as response, '{{ loaded.table.columns[0].values()[0] if loaded }}' as n
, '{{ dbt_utils_like_max() }}' as m
{%- set typed = run_query("select 7 as i, 2.50 as n, true as b, 'x' as t, date '2024-02-03' as d, timestamp '2024-02-03 04:05' as at, null as u") %}
{%- for column in (typed.columns if typed else []) %}
-- {{ column.name }} {{ column.data_type.jsonify(column[0]) }} {{ column.data_type.csvify(column[0]) }} {{ column.data_type.jsonify(column[0]) is string }}
{%- endfor %}
-- {{ ref('people') is mapping }} {{ ref('people').get('metadata') }} {{ ref('people')['identifier'] }} {{ this.get('absent', 'none') }}
