#!/usr/bin/env bash
# Compares tenon with dbt-core over the projects of Tests/Compat and the reference project.
#
# usage: compat.sh [PROJECT...]
#
# dbt goes to a virtual environment under .build/, its answers are kept there too. COMPAT_LEFT and COMPAT_RIGHT name
# other executables to compare. The server is the one of PGHOST and PGPORT, or else the one that `make up` starts.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

if [ -z "${COMPAT_LEFT:-}" ]; then
  venv=$PWD/.build/compat-venv
  if [ ! -x "$venv/bin/dbt" ]; then
    command -v python3 >/dev/null || fail "python3 is missing: it runs dbt-core and the comparison"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check dbt-core==1.11.16 dbt-postgres==1.11.0
  fi
  export COMPAT_LEFT="$venv/bin/dbt"
fi
export COMPAT_RIGHT="${COMPAT_RIGHT:-$PWD/$TENON}"

if [ -z "${PGHOST:-}" ]; then
  scripts/server.sh up --quiet
  use_server_for_clients
fi
exec python3 scripts/compat.py --cache .build/compat-cache "$@"
