{#
  The number of boundaries of `datepart` between two dates. Units nest: each but year, day and week is the count
  of a larger unit, scaled, plus the difference of the fields within it.
#}

{% macro postgres__datediff(first_date, second_date, datepart) -%}
{%- set nested = {
  'quarter':     ('year', 4, 'date'),
  'month':       ('year', 12, 'date'),
  'hour':        ('day', 24, 'timestamp'),
  'minute':      ('hour', 60, 'timestamp'),
  'second':      ('minute', 60, 'timestamp'),
  'millisecond': ('minute', 60000, 'timestamp'),
  'microsecond': ('minute', 60000000, 'timestamp'),
} -%}
{%- if datepart == 'year' %}
        (date_part('year', ({{ second_date }})::date) - date_part('year', ({{ first_date }})::date))
    {% elif datepart == 'day' %}
        (({{ second_date }})::date - ({{ first_date }})::date)
    {% elif datepart == 'week' %}
        ({{ datediff(first_date, second_date, 'day') }} / 7 + case
            when date_part('dow', ({{ first_date }})::timestamp) <= date_part('dow', ({{ second_date }})::timestamp) then
                case when {{ first_date }} <= {{ second_date }} then 0 else -1 end
            else
                case when {{ first_date }} <= {{ second_date }} then 1 else 0 end
        end)
    {% elif datepart in nested %}
        {%- set larger, scale, type = nested[datepart] -%}
        {#- seconds and smaller fields carry fractions, which are no whole unit -#}
        {%- set whole, end = ('floor(', ')') if 'second' in datepart else ('', '') %}
        ({{ datediff(first_date, second_date, larger) }} * {{ scale }} + {{ whole -}}
        date_part('{{ datepart }}', ({{ second_date }})::{{ type }}){{ end }} - {{ whole -}}
        date_part('{{ datepart }}', ({{ first_date }})::{{ type }}){{ end }})
    {% else %}
        {{- exceptions.raise_compiler_error(
          "Unsupported datepart for macro datediff in postgres: '" ~ datepart ~ "'"
        ) -}}
    {% endif %}
{%- endmacro %}
