{% macro postgres__split_part(string_text, delimiter_text, part_number) %}
{%- set from_the_end = part_number < 0 %}

  {# the piece's text is framed by two empty lines #}
    {% if from_the_end %}{{ dbt._split_part_negative(string_text, delimiter_text, part_number) }}{% else %}{{ dbt.default__split_part(string_text, delimiter_text, part_number) }}{% endif %}
  {# see above #}

{% endmacro %}
