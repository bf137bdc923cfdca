select
    {{ dbt.safe_cast("'1'", type_int()) }} as number,
    {{ dbt.cast("1", dbt.type_string()) }} as text,
    {{ cast_bool_to_text("true") }} as bool_text,
    {{ cast("'2024-01-01'", type_timestamp()) }} as moment,
    {{ cast("1.5", dbt.type_numeric()) }} as amount,
    {{ cast("1.5", dbt.type_float()) }} as float_number,
    {{ cast("1", dbt.type_bigint()) }} as big,
    {{ cast("'t'", dbt.type_boolean()) }} as flag,
    {{ equals("1", "1") }} as same
