{#-
  Who is the tenant, and where does its data live?

  Everything that depends on the tenant goes through these macros, so a model never spells a bucket or a
  database itself. They read the environment and vars only: no query, so they work while parsing too.
-#}

{%- macro get_tenant_name() -%}
  {#- TENANT_NAME in the environment, then the var, then tenant_a; checked before anyone uses it. -#}
  {%- set from_environment = env_var('TENANT_NAME', '').strip() -%}
  {%- set name = from_environment or var('tenant_name', '') or 'tenant_a' -%}
  {{- return(validate_tenant_name(name)) -}}
{%- endmacro -%}


{%- macro validate_tenant_name(tenant_name) -%}
  {#- 1 to 50 ASCII letters, digits, '-' or '_'. Returns the name, or stops the run. -#}
  {%- set name = (tenant_name or '') ~ '' -%}
  {%- if name.strip() == '' -%}
    {{- exceptions.raise_compiler_error("The tenant's name is empty: use letters, digits, '-' and '_'") -}}
  {%- endif -%}
  {%- if name | length > 50 -%}
    {{- exceptions.raise_compiler_error(
      "The tenant's name '" ~ name ~ "' has " ~ (name | length) ~ " characters: at most 50 are allowed"
    ) -}}
  {%- endif -%}
  {%- for letter in name -%}
    {#- isalnum() alone would let every alphabet of the world pass: names become databases and buckets. -#}
    {%- if not (letter in '-_' or (letter.isalnum() and letter < '{')) -%}
      {{- exceptions.raise_compiler_error(
        "The tenant's name '" ~ name ~ "' holds '" ~ letter ~ "': use letters, digits, '-' and '_'"
      ) -}}
    {%- endif -%}
  {%- endfor -%}
  {{- return(name) -}}
{%- endmacro -%}


{%- macro generate_dynamic_tenant_config(tenant_name) -%}
  {#- The settings of a tenant that dbt_project.yml doesn't list. -#}
  {%- set name = validate_tenant_name(tenant_name) -%}
  {{- return({
    's3_bucket': name ~ '-data-lake',
    's3_prefix': 'ecommerce-data',
    'database': name ~ '_db'
  }) -}}
{%- endmacro -%}


{%- macro get_tenant_config(tenant_name=none) -%}
  {#- A dictionary with s3_bucket, s3_prefix and database: the predefined one, or a generated one. -#}
  {%- set name = tenant_name or get_tenant_name() -%}
  {%- set predefined = var('tenants', {}) -%}
  {%- if name in predefined -%}
    {{- return(predefined.get(name)) -}}
  {%- endif -%}
  {{- return(generate_dynamic_tenant_config(name)) -}}
{%- endmacro -%}


{%- macro get_tenant_s3_bucket(tenant_name=none) -%}
  {{- return(get_tenant_config(tenant_name).get('s3_bucket')) -}}
{%- endmacro -%}


{%- macro get_tenant_s3_prefix(tenant_name=none) -%}
  {{- return(get_tenant_config(tenant_name).get('s3_prefix', 'ecommerce-data')) -}}
{%- endmacro -%}


{%- macro get_tenant_database(tenant_name=none) -%}
  {{- return(get_tenant_config(tenant_name).get('database')) -}}
{%- endmacro -%}


{%- macro generate_tenant_s3_path(entity, tenant_name=none) -%}
  {#- s3://<bucket>/<prefix>/<entity>/ -#}
  {%- set config = get_tenant_config(tenant_name) -%}
  {{- return('s3://' ~ config.get('s3_bucket') ~ '/' ~ config.get('s3_prefix') ~ '/' ~ entity ~ '/') -}}
{%- endmacro -%}


{%- macro get_table_name(entity) -%}
  {#- The model that holds an entity; an entity without an entry in table_names is its own table. -#}
  {{- return(var('table_names', {}).get(entity, entity)) -}}
{%- endmacro -%}


{%- macro generate_external_table_name(entity, tenant_name=none) -%}
  {#- A name for the entity's table over the data lake, usable unquoted in SQL: my-company → my_company_… -#}
  {%- set name = tenant_name or get_tenant_name() -%}
  {{- return('ext_' ~ name | lower | replace('-', '_') ~ '_' ~ entity) -}}
{%- endmacro -%}


{%- macro log_tenant_info(tenant_name=none) -%}
  {#- For people: `tenon run-operation log_tenant_info`. -#}
  {%- set name = tenant_name or get_tenant_name() -%}
  {{- log('Tenant:   ' ~ name, info=true) -}}
  {{- log('Database: ' ~ get_tenant_database(name), info=true) -}}
  {{- log('Bucket:   ' ~ get_tenant_s3_bucket(name), info=true) -}}
  {{- log('Prefix:   ' ~ get_tenant_s3_prefix(name), info=true) -}}
  {%- for entity in var('table_names', {}) -%}
    {{- log('Path:     ' ~ generate_tenant_s3_path(entity, name), info=true) -}}
  {%- endfor -%}
{%- endmacro -%}
