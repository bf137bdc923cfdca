{% macro note(text) %}insert into {{ target.schema }}.audit (what) values ('{{ text | replace('"', "") }}'){% endmacro %}
{# An operation commits what it does, whether it asks for a transaction or not. #}
{% macro two_notes() %}
  {% do run_query(note('operation')) %}
  {% call statement('second') %}{{ note('operation, with a transaction') }}{% endcall %}
{% endmacro %}
