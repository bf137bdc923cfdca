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
# The private one goes whichever server is in use: it lives in .tenon/.
if private_server_pid_file >/dev/null; then
  if [ -x "$TENON" ]; then
    "$TENON" server stop
  else
    kill -INT "$(head -n 1 "$(private_server_pid_file)")"
  fi
  for _ in $(seq 100); do
    private_server_pid_file >/dev/null || break
    sleep 0.1
  done
fi
rm -rf target logs .tenon
echo "Clean: target/, logs/ and .tenon/ are gone"
