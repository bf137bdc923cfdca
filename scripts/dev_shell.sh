#!/usr/bin/env bash
# A shell in which tenon, psql and dbt all see one tenant.
#
# usage: dev_shell.sh TENANT
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need_valid_tenant "$1"
use_server_for_clients

export TENANT_NAME=$1 PGDATABASE="$1_db"
PATH="$PWD/$(dirname "$TENON"):$PATH"
export PATH
echo "tenant $TENANT_NAME, database $PGDATABASE on $PGHOST:$PGPORT; exit leaves this shell"
exec "${SHELL:-/bin/bash}"
