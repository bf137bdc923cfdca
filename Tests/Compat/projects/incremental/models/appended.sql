select * from {{ ref('base') }}
{% if is_incremental() %}where at > (select coalesce(max(at), '1900-01-01') from {{ this }}){% endif %}
-- {{ 'incremental' if is_incremental() else 'full' }} {{ this.type if is_incremental() else '' }} {{ flags.FULL_REFRESH }}
