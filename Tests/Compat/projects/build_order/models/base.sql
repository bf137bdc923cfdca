select 1 as id, 'a' as word {{ nothing_like_it.at_all() if var('broken', false) and execute }}
