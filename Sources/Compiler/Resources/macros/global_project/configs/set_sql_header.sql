{# Used as `call set_sql_header(config)`: the block's text is put before the node's statement. #}

{% macro set_sql_header(config) -%}
  {{ config.set('sql_header', caller()) }}
{%- endmacro %}
