{#
  An index is called after its table and columns, with a few digits that tell its kind and keep it apart from
  indexes made by hand: the same definition on the same table has the same name on every run.
#}

{% macro tenon_index_name(relation, index) %}
  {%- set columns = index.columns | join('_') -%}
  {%- set definition = [relation.identifier, columns, index.unique, index.type] | join('|') -%}
  {{ return(tenon_fit_identifier(
    relation.identifier ~ '_' ~ (columns | replace('"', '')), '_' ~ local_md5(definition)[:6] ~ '_idx'
  )) }}
{% endmacro %}
