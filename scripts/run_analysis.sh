#!/usr/bin/env bash
# Prints a tenant's analyses as tables.
#
# usage: run_analysis.sh [--check] NAME [basic|dashboard|products|segments|paths|all]
#
# --check prints a line per analysis instead, and fails when one gives no rows.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

check=
if [ "${1:-}" = --check ]; then
  check=yes
  shift
fi
[ $# -ge 1 ] || fail "usage: scripts/run_analysis.sh NAME [basic|dashboard|products|segments|paths|all]"
name=$1
need_valid_tenant "$name"

case "${2:-basic}" in
  basic) analyses=(basic_data_analysis) ;;
  dashboard) analyses=(sales_dashboard) ;;
  products) analyses=(product_analysis) ;;
  segments) analyses=(customer_segmentation) ;;
  paths) analyses=(s3_table_mapping) ;;
  all) analyses=(basic_data_analysis sales_dashboard product_analysis customer_segmentation s3_table_mapping) ;;
  *) fail "unknown analysis '$2': basic, dashboard, products, segments, paths and all are known" ;;
esac

use_server
for analysis in "${analyses[@]}"; do
  if [ -z "$check" ]; then
    "$TENON" show --quiet --wide --select "$analysis" --limit 100 --tenant="$name"
  else
    rows=$("$TENON" show --quiet --select "$analysis" --output json --limit 100 --tenant="$name" | grep -c '^ *{' || true)
    # The first brace opens the answer, every other one a row.
    [ "$rows" -gt 1 ] || fail "$analysis gives no rows for $name"
    echo "ok: $analysis, tenant $name, $((rows - 1)) rows"
  fi
done
