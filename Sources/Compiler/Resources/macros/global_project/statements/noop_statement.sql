{# Like `statement`, but for work done elsewhere: the block is only written down, and the result is given. #}

{% macro noop_statement(name=None, message=None, code=None, rows_affected=None, res=None) -%}
  {%- set text = caller() -%}
  {%- if name == 'main' -%}
    {{ log('Writing runtime SQL for node "' ~ model['unique_id'] ~ '"') }}
    {{ write(text) }}
  {%- endif -%}
  {%- if name is not none -%}
    {{ store_raw_result(name, message=message, code=code, rows_affected=rows_affected, agate_table=res) }}
  {%- endif -%}
{%- endmacro %}
