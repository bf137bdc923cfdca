{# How many `datepart`s lie between two dates: asked of the database, 1 while parsing. #}

{% macro get_intervals_between(start_date, end_date, datepart) -%}
  {{ return(adapter.dispatch('get_intervals_between', 'dbt')(start_date, end_date, datepart)) }}
{%- endmacro %}

{% macro default__get_intervals_between(start_date, end_date, datepart) -%}
  {%- call statement('get_intervals_between', fetch_result=True) %}
        select {{ dbt.datediff(start_date, end_date, datepart) }}
  {% endcall -%}
  {%- set answer = load_result('get_intervals_between') -%}
  {{ return(answer['data'][0][0] if answer and answer['data'] else 1) }}
{%- endmacro %}

{# One row for every period from the start, up to and including the end. #}
{% macro date_spine(datepart, start_date, end_date) %}
  {{ return(adapter.dispatch('date_spine', 'dbt')(datepart, start_date, end_date)) }}
{% endmacro %}

{% macro default__date_spine(datepart, start_date, end_date) %}
{%- set periods = dbt.get_intervals_between(start_date, end_date, datepart) %}
{%- set nth_period = dbt.dateadd(datepart, 'row_number() over (order by 1) - 1', start_date) %}


    {# start_date and end_date are SQL; the body begins five line breaks below the macro's head #}


    with rawdata as (

        {{ dbt.generate_series(periods) }}

    ),

    all_periods as (

        select (
            {{ nth_period }}
        ) as date_{{ datepart }}
        from rawdata

    ),

    filtered as (

        select *
        from all_periods
        where date_{{ datepart }} <= {{ end_date }}

    )

    select * from filtered

{% endmacro %}
