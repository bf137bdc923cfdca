#!/usr/bin/env bash
# Looks into the databases with psql.
#
# usage: db.sh connect|tables|schemas TENANT
#        db.sh status
set -euo pipefail
. "$(dirname "$0")/lib.sh"
use_server_for_clients
command -v psql >/dev/null || fail "psql is missing: make setup"

verb=$1
if [ "$verb" = status ]; then
  export PGDATABASE=postgres
else
  need_valid_tenant "$2"
  export PGDATABASE="$2_db"
fi

# The same table for everyone, whatever their ~/.psqlrc says.
query() {
  psql --no-psqlrc --pset pager=off --set ON_ERROR_STOP=1 --command "$1"
}

case "$verb" in
  connect) exec psql ;;
  status)
    query "select split_part(version(), ' on ', 1) as server, pg_postmaster_start_time()::timestamp(0) as started,
             current_setting('max_connections') as max_connections"
    query "select d.datname as database, pg_size_pretty(pg_database_size(d.oid)) as size,
             (select count(*) from pg_stat_activity as a where a.datid = d.oid) as sessions
           from pg_database as d where not d.datistemplate order by d.datname"
    ;;
  tables)
    query "select n.nspname as schema, c.relname as name,
             case c.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end as kind,
             pg_size_pretty(pg_total_relation_size(c.oid)) as size
           from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
           where c.relkind in ('r', 'p', 'v', 'm') and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
           order by 1, 2"
    ;;
  schemas)
    query "select n.nspname as schema, pg_get_userbyid(n.nspowner) as owner,
             count(c.oid) filter (where c.relkind in ('r', 'p')) as tables,
             count(c.oid) filter (where c.relkind in ('v', 'm')) as views
           from pg_namespace as n left join pg_class as c on c.relnamespace = n.oid
           where n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
           group by n.nspname, n.nspowner order by 1"
    ;;
  *) fail "unknown verb '$verb'" ;;
esac
