#!/usr/bin/env bash
# Installs what the build and the private server need and this machine lacks: libpq, libyaml, pkg-config and
# PostgreSQL, by apt. Where it can't, it says the one command to type. Swift itself is never installed.
#
# usage: setup.sh [--quiet]      --quiet says nothing when nothing is missing
set -euo pipefail
cd "$(dirname "$0")/.."

quiet=
[ "${1:-}" != --quiet ] || quiet=yes

if ! command -v swift >/dev/null; then
  echo "error: Swift is missing: install the Swift 6 toolchain from https://www.swift.org/install/" >&2
  exit 1
fi

# Prints the server's programs' folder: on the PATH, or where Debian keeps each version's.
server_programs() {
  local folder
  if command -v initdb >/dev/null && command -v postgres >/dev/null; then
    dirname "$(command -v initdb)"
    return
  fi
  for folder in $(ls -d /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/pgsql/bin 2>/dev/null | sort -rV); do
    if [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ]; then
      echo "$folder"
      return
    fi
  done
  return 1
}

missing=()
if ! command -v pkg-config >/dev/null; then
  missing+=(pkg-config libpq-dev libyaml-dev)
else
  pkg-config --exists libpq || missing+=(libpq-dev)
  pkg-config --exists yaml-0.1 || missing+=(libyaml-dev)
fi
command -v psql >/dev/null || missing+=(postgresql-client)
# Tests and measurements are written in it.
command -v python3 >/dev/null || missing+=(python3)
# A fleet is tested through a pooler too. Who only uses tenon needs none.
if [ -n "${CI:-}" ] && ! command -v pgbouncer >/dev/null && [ ! -x /usr/sbin/pgbouncer ]; then missing+=(pgbouncer); fi
# A server elsewhere needs none here.
case "${TENON_SERVER:-}" in
  docker | external) ;;
  *) server_programs >/dev/null || missing+=(postgresql) ;;
esac

if [ ${#missing[@]} -eq 0 ]; then
  [ -n "$quiet" ] || echo "Everything tenon needs is installed"
  exit 0
fi

if ! command -v apt-get >/dev/null; then
  if command -v brew >/dev/null; then
    echo "error: missing: ${missing[*]}; type: brew install pkg-config libpq libyaml postgresql" >&2
  else
    echo "error: missing: ${missing[*]} (the names are Debian's); install them with this system's package manager" >&2
  fi
  exit 1
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  # Without a terminal sudo can't ask for a password.
  if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
    as_root=(sudo)
  else
    echo "error: missing: ${missing[*]}; type as root: apt-get update && apt-get install -y ${missing[*]}" >&2
    exit 1
  fi
fi

echo "Installing ${missing[*]}"
run() { ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive "$@"; }

# Debian makes and starts a cluster of its own on port 5432 when the server is installed; ours is private, so it
# would only take the port. A file that is there already was somebody's decision.
if [[ " ${missing[*]} " == *" postgresql "* ]] && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
  run mkdir -p /etc/postgresql-common
  echo 'create_main_cluster = false' | run tee /etc/postgresql-common/createcluster.conf >/dev/null
fi

log=$(mktemp)
if ! { run apt-get update && run apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
  tail -n 20 "$log" >&2
  rm -f "$log"
  echo "error: apt-get failed; try: apt-get update && apt-get install -y ${missing[*]}" >&2
  exit 1
fi
rm -f "$log"
