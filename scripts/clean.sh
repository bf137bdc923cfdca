#!/usr/bin/env bash
# Removes what runs leave behind: the server with its data, target/, logs/ and .tenon/. The build stays.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
use_server

if [ -t 0 ]; then
  read -r -p "Remove the server with every tenant's data, target/ and .tenon/? [y/N] " answer
  [[ "$answer" =~ ^[yY] ]] || exit 1
fi

case "$TENON_SERVER" in
  docker) docker compose down --volumes ;;
  external) echo "The external server's databases are left alone" ;;
esac
# The private one goes whichever server is in use. Its data may lie outside of the project, so tenon removes it.
if [ -d .tenon/server ]; then
  [ -x "$TENON" ] || fail "tenon is not built, and only it knows how to remove its server: make build"
  "$TENON" server reset --yes
fi
rm -rf target logs .tenon
echo "Clean: target/, logs/ and .tenon/ are gone"
