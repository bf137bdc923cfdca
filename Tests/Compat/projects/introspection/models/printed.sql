-- depends_on: {{ ref('people') }}
{% if execute %}
{% set answer = run_query("select id, name, height, born, active, at from " ~ ref('people') ~ " order by id") %}
-- {{ answer.rows[0] }} {{ answer.select(['id']).rows[0] }} {{ answer.select(['id']).rows }}
-- {{ answer.select(['id']).columns[0] }} {{ answer.columns[1][0:2] }}
-- {{ answer.rows[0:2] | length }} {{ answer.rows[0][0:2] }} {{ answer.columns['id'].values_sorted() }}
{% set groups = answer.group_by('active') %}
-- {{ groups.keys() }} {{ groups[0].rows | length }} {{ groups[true].rows | length }} {{ groups.values() | length }}
-- {% for key, table in groups.items() %}{{ key }} has {{ table.rows | length }}; {% endfor %}
-- {{ adapter.get_columns_in_relation(ref('people')) }}
-- {{ [adapter.execute('select 1 as one')[0]] }} {{ adapter.parse_index({'columns': ['a'], 'type': 'hash'}) }}
-- {{ model.refs }} {{ graph.nodes[model.unique_id].refs }} {{ builtins.keys() | list | length > 20 }}
-- {{ config.get('materialized', validator=validation.any['table']) }}
{% endif %}
select 1 as x
