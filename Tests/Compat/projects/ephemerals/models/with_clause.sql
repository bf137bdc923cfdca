with

mine as (
  select * from {{ ref('Upper_Case') }}
)

select * from mine, {{ ref('with_alias') }}
