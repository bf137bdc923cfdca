#!/usr/bin/env bash
# usage: create_dynamic_tenant.sh NAME: creates the tenant's database and schemas and prints its settings.
set -euo pipefail
exec make -C "$(dirname "$0")/.." tenant-create TENANT="${1:-}"
