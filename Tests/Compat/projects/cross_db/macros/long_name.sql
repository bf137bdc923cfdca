{# a suffix is short enough for most names: the limit is 63 #}
{% macro make_relation_with_long_name() %}
  {% set relation = api.Relation.create(database='d', schema='s', identifier='n' * 50, type='table') %}
  {% do return(make_backup_relation(relation, 'table').identifier) %}
{% endmacro %}
