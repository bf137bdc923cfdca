/* with in a comment */
-- with another
select 'with' as word, id from {{ ref('e1') }}
