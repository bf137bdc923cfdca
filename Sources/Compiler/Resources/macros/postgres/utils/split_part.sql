{% macro postgres__split_part(string_text, delimiter_text, part_number) %}
{%- set from_the_end = part_number < 0 %}

  {# the piece's text is framed by two empty lines #}
    {{ (dbt._split_part_negative if from_the_end else dbt.default__split_part)(string_text, delimiter_text, part_number) }}
  {# see above #}

{% endmacro %}
