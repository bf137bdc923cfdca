{# A key of one column or of several, under names that cannot meet the query's. #}

{% macro unique_key_fields(unique_key) %}
  {%- if unique_key | is_list -%}
    {%- for column in unique_key %}
      {{ column }} as dbt_unique_key_{{ loop.index }}{{ ',' if not loop.last }}
    {%- endfor -%}
  {%- else %}
    {{ unique_key }} as dbt_unique_key
  {%- endif %}
{% endmacro %}

{% macro unique_key_join_on(unique_key, identifier, from_identifier) %}
  {%- if unique_key | is_list -%}
    {%- for column in unique_key -%}
      {%- set name = '.dbt_unique_key_' ~ loop.index %}
      {{ equals(identifier ~ name, from_identifier ~ name) }}{{ ' and' if not loop.last }}
    {%- endfor -%}
  {%- else %}
    {{ identifier }}.dbt_unique_key = {{ from_identifier }}.dbt_unique_key
  {%- endif %}
{% endmacro %}

{# After an outer join, one column tells whether the row was found. #}
{% macro unique_key_is_null(unique_key, identifier) %}
  {{ identifier }}.dbt_unique_key{{ '_1' if unique_key | is_list }} is null
{% endmacro %}

{% macro unique_key_is_not_null(unique_key, identifier) %}
  {{ identifier }}.dbt_unique_key{{ '_1' if unique_key | is_list }} is not null
{% endmacro %}
