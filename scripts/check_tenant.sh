#!/usr/bin/env bash
# Stops make before anything is done when TENANT is missing or could not be a tenant's name.
#
# usage: TENANT=name check_tenant.sh [--required] TARGET
set -euo pipefail
. "$(dirname "$0")/lib.sh"

required=
if [ "$1" = --required ]; then
  required=yes
  shift
fi
target=$1

if [ -z "${TENANT:-}" ]; then
  [ -n "$required" ] || exit 0
  echo "error: TENANT is missing (TENANT を指定してください)" >&2
elif valid_tenant "$TENANT"; then
  exit 0
else
  echo "error: TENANT is not a valid tenant name: $(printf '%q' "$TENANT")" >&2
  echo "       1 to 50 letters, digits, '-' and '_' (使えるのは英数字と - と _、50 文字まで)" >&2
fi
echo "  example: make $target TENANT=my_company" >&2
exit 2
