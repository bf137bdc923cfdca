select * from {{ ref('small', 'renamed') }} join {{ ref('lookup') }} using (k) -- {{ small.greeting() }}
