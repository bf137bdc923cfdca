{#
  While a replacement is built, the names of the final indexes belong to the old relation. Once that is gone, the
  new relation's indexes are renamed to what they would be called had they been made on it directly.
#}

{% macro tenon_settle_index_names(built_as, target_relation) %}
  {{ adapter.dispatch('tenon_settle_index_names', 'dbt')(built_as, target_relation) }}
{% endmacro %}

{% macro default__tenon_settle_index_names(built_as, target_relation) %}
{% endmacro %}
