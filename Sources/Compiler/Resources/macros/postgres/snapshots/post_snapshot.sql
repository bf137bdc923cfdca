{# Sessions are used again for other nodes: the temporary table goes now. #}

{% macro postgres__post_snapshot(staging_relation) %}
  {%- if staging_relation.schema is none -%}
    {%- do tenon_relation_ddl(
      'drop_temporary', 'drop table if exists pg_temp.' ~ staging_relation.render(), auto_begin=false
    ) -%}
  {%- endif -%}
{% endmacro %}
