#!/usr/bin/env bash
# Runs tenants, created if missing, with all their tests, and checks that each is isolated.
#
# usage: test_tenant.sh NAME...
set -euo pipefail
. "$(dirname "$0")/lib.sh"
use_server

for name in "$@"; do
  need_valid_tenant "$name"
  "$TENON" tenant run -- "$name"
  "$TENON" tenant check -- "$name"
done
