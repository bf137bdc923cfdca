{% macro postgres__tenon_settle_index_names(built_as, target_relation) %}
  {%- set renames = [] -%}
  {%- for raw in config.get('indexes', default=[]) -%}
    {%- set index = adapter.parse_index(raw) -%}
    {%- do renames.append(
      'alter index if exists ' ~ adapter.quote(target_relation.schema)
      ~ '.' ~ adapter.quote(tenon_index_name(built_as, index))
      ~ ' rename to ' ~ adapter.quote(tenon_index_name(target_relation, index))
    ) -%}
  {%- endfor -%}
  {%- if renames -%}
    {%- do tenon_relation_ddl('rename_indexes', renames | unique | join(';\n')) -%}
  {%- endif -%}
{% endmacro %}
