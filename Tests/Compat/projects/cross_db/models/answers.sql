{# macros that answer with values instead of SQL #}
select
    '{{ get_powers_of_two(1) }} {{ dbt.get_powers_of_two(16) }} {{ dbt.get_powers_of_two(17) }}' as powers,
    '{{ dates_in_range("20240227", "20240301") | join(" ") }}' as days,
    '{{ partition_range("20240227,20240228") | join(" ") }}' as partitions,
    '{{ dates_in_range("2024-02-27", in_fmt="%Y-%m-%d", out_fmt="%d.%m.%Y") | join(" ") }}' as formatted,
    '{{ get_batch_size() | trim }} {{ get_binding_char() }}' as seeds,
    '{{ copy_grants() }} {{ support_multiple_grantees_per_dcl_statement() }} {{ can_clone_table() }}' as policies,
    '{{ should_full_refresh() }} {{ should_store_failures() }} {{ is_incremental() }} {{ is_core_v2() }}' as switches,
    '{{ make_intermediate_relation(this) }} {{ make_backup_relation(this, "view").type }}' as beside,
    '{{ make_relation_with_long_name() }}' as long_name,
    '{{ get_quoted_csv(["a", "B c"]) }}' as names,
    '{{ get_snapshot_table_column_names()["dbt_valid_to"] }} {{ get_true_sql() | trim }}' as snapshots
{% if execute %}
    , '{{ get_columns_in_query("select 1 as a, 2 as \"B\"") | join(",") }}' as query_columns
{% endif %}
