select * from {{ ref('small', 'base') }} where {{ small.times(2, 3) }} = 6
