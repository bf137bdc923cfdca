{# Bytes of a text in UTF-8: percent-encoding writes each byte that is not plain as three characters. #}
{% macro tenon_byte_length(text) %}
  {%- set encoded = text | urlencode -%}
  {{ return((encoded | length) - 2 * encoded.count('%')) }}
{% endmacro %}

{# `name ~ suffix`, or, if that is more than `longest` bytes, beginning ~ '_' ~ hash ~ suffix. #}
{% macro tenon_fit_identifier(name, suffix, longest=63) %}
  {%- set whole = name ~ suffix -%}
  {#- most names are short: no need to count their bytes, at most four a character -#}
  {%- if 4 * (whole | length) <= longest or tenon_byte_length(whole) <= longest -%}
    {{ return(whole) }}
  {%- endif -%}
  {%- set tail = ('_' ~ local_md5(name)[:8] ~ suffix)[-longest:] -%}
  {%- set room = longest - tenon_byte_length(tail) -%}
  {%- for cut in range(room, 0, -1) if tenon_byte_length(name[:cut]) <= room -%}
    {{ return(name[:cut] ~ tail) }}
  {%- endfor -%}
  {{ return(tail) }}
{% endmacro %}

{#
  A relation to build into whose name nobody has taken. Work in progress is never committed under such a name,
  so one that exists was made by someone else, and stays: the next free number is used instead.
#}
{% macro tenon_unused_relation(relation) %}
  {%- if not tenon_is_taken(relation) -%}
    {{ return(relation) }}
  {%- endif -%}
  {%- for number in range(2, 100) -%}
    {%- set name = tenon_fit_identifier(relation.identifier, '_' ~ number) -%}
    {%- set candidate = relation.incorporate(path={'identifier': name}) -%}
    {%- if not tenon_is_taken(candidate) -%}
      {{ log(relation ~ ' exists already and is left alone; working in ' ~ candidate) }}
      {{ return(candidate) }}
    {%- endif -%}
  {%- endfor -%}
  {{ exceptions.raise_compiler_error('No free name to build beside ' ~ relation) }}
{% endmacro %}

{% macro tenon_is_taken(relation) %}
  {{ return(adapter.get_relation(relation.database, relation.schema, relation.identifier) is not none) }}
{% endmacro %}
