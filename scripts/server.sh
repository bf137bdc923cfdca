#!/usr/bin/env bash
# The PostgreSQL server behind `make up`, `down`, `status`, `dev-logs` and `dev-reset`.
#
# usage: server.sh up [--quiet] | down | status | logs | reset
set -euo pipefail
. "$(dirname "$0")/lib.sh"
use_server

verb=$1
quiet=${2:-}

compose() {
  docker compose "$@"
}

# Asks on a terminal; elsewhere the call itself is the answer.
confirmed() {
  [ -t 0 ] || return 0
  local answer
  read -r -p "$1 [y/N] " answer
  [[ "$answer" =~ ^[yY] ]]
}

case "$TENON_SERVER" in
  docker)
    case "$verb" in
      up)
        if [ "$quiet" = --quiet ]; then
          compose --progress quiet up --detach --wait postgres
        else
          compose up --detach --wait postgres
        fi
        ;;
      down) compose stop postgres ;;
      status) compose ps postgres ;;
      logs) compose logs --tail 100 postgres ;;
      reset)
        confirmed "Remove the Docker volume with every tenant's data?" || exit 1
        compose down --volumes
        compose up --detach --wait postgres
        ;;
    esac
    ;;
  external)
    use_server_for_clients
    case "$verb" in
      up | status)
        if pg_isready --quiet --timeout 10; then
          [ "$quiet" = --quiet ] || echo "The external server at $PGHOST:$PGPORT answers"
        else
          fail "no PostgreSQL answers at $PGHOST:$PGPORT (PGHOST and PGPORT say where)"
        fi
        ;;
      down | logs) echo "The external server at $PGHOST:$PGPORT is not ours: nothing to do" ;;
      reset) fail "the external server at $PGHOST:$PGPORT is not ours to reset" ;;
    esac
    ;;
  local)
    case "$verb" in
      up)
        # Most targets come here with the server up: don't pay for a program's start to learn that.
        if [ "$quiet" = --quiet ]; then
          private_server_pid_file >/dev/null || "$TENON" server start
        else
          "$TENON" server start
        fi
        ;;
      down) "$TENON" server stop ;;
      status) "$TENON" server status ;;
      logs) "$TENON" server logs ;;
      reset)
        confirmed "Remove the private server with every tenant's data?" || exit 1
        "$TENON" server reset --yes
        "$TENON" server start
        ;;
    esac
    ;;
esac
