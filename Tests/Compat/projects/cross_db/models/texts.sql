select
    {{ dbt.concat(["'a'", "'b'", "'c'"]) }} as joined,
    {{ length("'four'") }} as letters,
    {{ dbt.position("'b'", "'abc'") }} as place,
    {{ dbt.replace("'abc'", "'b'", "'-'") }} as replaced,
    {{ right("'abc'", 2) }} as ending,
    {{ dbt.split_part("'a,b,c'", "','", 2) }} as second_part,
    {{ split_part("'a,b,c'", "','", -1) }} as last_part,
    {{ dbt.split_part("'a,b,c'", "','", -3) }} as third_from_the_end,
    {{ hash("'a'") }} as hashed,
    {{ dbt.string_literal(dbt.escape_single_quotes("they're")) }} as quoted,
    {{ snapshot_hash_arguments(["'a'", "null", "1"]) }} as hashed_arguments,
    {{ snapshot_hash_arguments(["'a'"]) }} as hashed_argument
