with letters as (
    select 'b' as letter, 1 as place union all select 'a', 2 union all select 'c', 3
)
select
    {{ dbt.any_value("letter") }} as some_letter,
    {{ bool_or("place > 2") }} as beyond,
    {{ dbt.listagg("letter", "'-'", "order by letter") }} as ordered,
    {{ listagg("letter", order_by_clause="order by place desc") }} as backwards,
    {{ dbt.listagg("letter", "' '", "order by letter", 2) }} as first_two,
    length({{ dbt.listagg("letter") }}) as unordered,
    length({{ dbt.listagg(measure="letter", delimiter_text="'; '", limit_num=1) }}) as limited
from letters
