#!/usr/bin/env bash
# The whole test suite of the program.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
exec swift test --parallel
