{#
  Runs the hooks of one kind: those inside the node's transaction, or those outside of it. Whatever was begun
  before is committed ahead of the first outside hook, because statements such as VACUUM refuse transactions.
#}

{% macro run_hooks(hooks, inside_transaction=True) %}
  {%- for hook in hooks if hook.transaction == inside_transaction -%}
    {%- if loop.first and not inside_transaction -%}
      {%- call statement(auto_begin=inside_transaction) %}
        commit;
      {% endcall -%}
    {%- endif -%}
    {%- set text = render(hook.get('sql')) | trim -%}
    {%- if text -%}
      {%- call statement(auto_begin=inside_transaction) %}
        {{ text }}
      {% endcall -%}
    {%- endif -%}
  {%- endfor -%}
{% endmacro %}
