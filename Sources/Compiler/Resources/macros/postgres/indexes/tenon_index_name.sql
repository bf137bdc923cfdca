{#
  An index is called after its table and columns, with a few digits that tell its kind and keep it apart from
  indexes made by hand: the same definition on the same table has the same name on every run. The relation's kind
  counts, because a table and the materialized view that replaces it stand side by side for a moment.
#}

{% macro tenon_index_name(relation, index) %}
  {%- set columns = index.columns | join('_') -%}
  {%- set definition = [relation.identifier, relation.type, columns, index.unique, index.type] | join('|') -%}
  {{ return(tenon_fit_identifier(
    relation.identifier ~ '_' ~ (columns | replace('"', '')), '_' ~ local_md5(definition)[:6] ~ '_idx'
  )) }}
{% endmacro %}
