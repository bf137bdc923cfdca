{# A relation of another environment under this one's name: copied where the server can, else a view on it. #}

{%- materialization clone, default -%}
  {%- if not defer_relation -%}
    {{ log('No relation found in state manifest for ' ~ model.unique_id, info=True) }}
    {{ return({'relations': []}) }}
  {%- endif -%}

  {%- set existing_relation = load_cached_relation(this) -%}
  {%- if existing_relation and not flags.FULL_REFRESH -%}
    {{ log('Relation ' ~ existing_relation ~ ' already exists', info=True) }}
    {{ return({'relations': []}) }}
  {%- endif -%}

  {%- set origin = load_cached_relation(defer_relation) -%}
  {%- if not (origin and origin.type == 'table' and can_clone_table()) -%}
    {%- set own_view = 'materialization_view_' ~ adapter.type() -%}
    {{ return(context[own_view if own_view in context else 'materialization_view_default']()) }}
  {%- endif -%}

  {%- set target_relation = this.incorporate(type='table') -%}
  {%- if existing_relation is not none and not existing_relation.is_table -%}
    {{ log('Dropping relation ' ~ existing_relation.render() ~ ' because it is of type ' ~ existing_relation.type) }}
    {{ drop_relation_if_exists(existing_relation) }}
  {%- endif -%}
  {%- if target_relation.render() == defer_relation.render() -%}
    {{ log('Target relation and defer relation are the same, skipping clone for relation: ' ~ target_relation.render()) }}
  {%- else -%}
    {%- call statement('main') -%}
      {{ create_or_replace_clone(target_relation, defer_relation) }}
    {%- endcall -%}
  {%- endif -%}
  {%- set revoke = should_revoke(existing_relation, full_refresh_mode=True) -%}
  {%- do apply_grants(target_relation, config.get('grants'), should_revoke=revoke) -%}
  {%- do persist_docs(target_relation, model) -%}
  {{ return({'relations': [target_relation]}) }}
{%- endmaterialization -%}
