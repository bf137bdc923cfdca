#!/usr/bin/env bash
# Drops tenants with their data: asks on a terminal; elsewhere naming them is the answer.
#
# usage: drop_tenant.sh NAME...
set -euo pipefail
. "$(dirname "$0")/lib.sh"
use_server

yes=()
[ -t 0 ] || yes=(--yes)
for name in "$@"; do
  need_valid_tenant "$name"
  "$TENON" tenant drop ${yes[@]+"${yes[@]}"} -- "$name"
done
