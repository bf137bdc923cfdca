select * from {{ ref('Upper_Case') }} where false
