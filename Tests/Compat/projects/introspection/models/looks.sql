-- depends_on: {{ ref('made') }}
{% set columns = adapter.get_columns_in_relation(ref('people')) %}
select
{%- for column in columns %}
  {{ column.quoted }} as c_{{ loop.index }}, -- {{ column.name }} {{ column.dtype }} {{ column.data_type }} {{ column.is_string() }} {{ column.is_number() }} {{ column.is_numeric() }} {{ column.is_integer() }} {{ column.is_float() }}
{%- endfor %}
  1 as last
from {{ ref('people') }}
{% for column in adapter.get_columns_in_relation(ref('made')) %}-- {{ column.column }} {{ column.data_type }} {{ column.char_size }} {{ column.numeric_precision }} {{ column.numeric_scale }}
{% endfor %}
-- {{ adapter.get_relation(database=target.database, schema=target.schema, identifier='made') }}
-- {{ adapter.get_relation(target.database, target.schema, 'absent') }}
-- {{ load_relation(ref('made')).type if execute }} {{ load_relation(this) is none }}
-- {{ adapter.get_missing_columns(ref('people'), ref('made')) | map(attribute='name') | join(',') }}
-- {{ adapter.quote('Odd "name"') }} {{ adapter.type() }} {{ adapter.check_schema_exists(target.database, target.schema) }}
