{{ config(
    pre_hook=["{{ note('pre one') }}", {"sql": "vacuum {{ target.schema }}.audit", "transaction": False}],
    post_hook=[before_begin("select 1"), after_commit("select 2"), in_transaction("select 3")]
) }}
select 1 as id, {{ post_hooks | length if execute else 0 }} as hooks
