select
    {{ dbt.array_construct([1, 2, 3]) }} as numbers,
    {{ array_construct() }} as nothing,
    {{ dbt.array_construct([], 'text') }} as no_texts,
    {{ dbt.array_append(dbt.array_construct(["'a'"]), "'b'") }} as appended,
    {{ array_concat(array_construct([1]), array_construct([2])) }} as concatenated
