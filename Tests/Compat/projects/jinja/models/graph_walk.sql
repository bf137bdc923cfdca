-- depends_on: {{ ref('windows') }}
{% if execute %}
{% for node in graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | sort(attribute='name') %}
-- {{ node.unique_id }} {{ node.config.materialized }} {{ node.depends_on.nodes }}
{% endfor %}
{% endif %}
select '{{ ref("windows").render() }}' as r, '{{ ref("windows").quote(schema=false).include(database=false) }}' as q
, '{{ ref("windows").incorporate(path={"identifier": "z", "table": "passed over"}) }}' as z, '{{ ref("windows").is_view }}' as v
