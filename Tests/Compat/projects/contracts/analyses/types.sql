{# `graph` has the types as they are written; only `model` has the server's. #}
{% if execute %}
{% for name in ['strict', 'view_of'] %}
{% for column in graph.nodes['model.contracts.' ~ name].columns.values() %}
-- {{ name }}.{{ column.name }} {{ column.data_type }}
{% endfor %}
{% endfor %}
{% endif %}
select 1 as a
