#!/usr/bin/env bash
# usage: run_tenant.sh NAME: creates the tenant if missing, then seeds, runs, tests and checks it.
set -euo pipefail
exec make -C "$(dirname "$0")/.." tenant-run TENANT="${1:-}"
