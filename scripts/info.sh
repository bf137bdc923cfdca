#!/usr/bin/env bash
# What is installed, which server is used, and which tenants there are.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
use_server

echo "tenon:   $("$TENON" --version | head -n 1)"
echo "swift:   $(swift --version 2>/dev/null | grep -o -m 1 'Swift version [^ ]*' || echo 'not found')"
echo "psql:    $(psql --version 2>/dev/null || echo 'not found')"
echo "server:  $TENON_SERVER"
echo
scripts/server.sh status || exit 0
echo
"$TENON" tenant list || true
