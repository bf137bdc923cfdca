{{ config(post_hook="grant select on {{ this }} to nobody_at_all") }}
select 1 as id
