{{ config(materialized='table') }}
select id, name, height::numeric(6, 2) as height, born::varchar(20) as born, array[id] as list, '{"a": 1}'::jsonb as js from {{ ref('people') }}
