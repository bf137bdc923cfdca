{# A text as an SQL literal. Everything that is compared with a catalog's column goes through here. #}

{% macro tenon_literal(text) %}
  {{ return("'" ~ (text | string | replace("'", "''")) ~ "'") }}
{% endmacro %}
