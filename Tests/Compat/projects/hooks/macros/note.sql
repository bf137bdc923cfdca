{% macro note(text) %}insert into {{ target.schema }}.audit (what) values ('{{ text | replace('"', "") }}'){% endmacro %}
