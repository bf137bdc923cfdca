{% macro documented(x, y=1) %}{{ x }}{{ y }}{% endmacro %}
{# a comment between #}
{%- macro second() -%}{{ documented('a') }}{%- endmacro -%}
