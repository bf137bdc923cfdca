select id, 3 as fresh from {{ ref('hidden') }} -- {{ this }} {{ model.version }} {{ model.latest_version }}
