{% macro ref() %}
  {%- set relation = builtins.ref(*varargs, **kwargs) -%}
  {%- if varargs | length > 1 or kwargs -%}{% do return(relation) %}{%- endif -%}
  {%- do return(relation.include(database=false)) -%}
{% endmacro %}

{% macro which() %}{{ return(adapter.dispatch('which')()) }}{% endmacro %}
{% macro default__which() %}{{ return('default') }}{% endmacro %}
{% macro postgres__which() %}{{ return('postgres') }}{% endmacro %}

{% macro only_default(x, y='why') -%}
  {{ adapter.dispatch('only_default', 'dispatch')(x, y=y) }}
{%- endmacro %}
{% macro default__only_default(x, y) %}{{ x }}/{{ y }}{% endmacro %}

{% macro postgres__dateadd(datepart, interval, from_date_or_timestamp) -%}
  date_plus({{ from_date_or_timestamp }}, {{ interval }}, '{{ datepart }}')
{%- endmacro %}

{% macro gives_list() %}{{ return(['a', 'b', {'c': 1}]) }}{% endmacro %}
{% macro gives_text() %}  text with blanks  {% endmacro %}
{% macro wraps() %}<{{ caller() }}>{% endmacro %}
{% macro wraps_with() %}{% for n in [1, 2] %}{{ caller(n, n * 2) }};{% endfor %}{% endmacro %}
{% macro counts(n) %}{% if n > 0 %}{{ n }}{{ counts(n - 1) }}{% endif %}{% endmacro %}
{% macro all_arguments() %}{{ varargs }} {{ kwargs }}{% endmacro %}
