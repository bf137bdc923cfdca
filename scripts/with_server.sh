#!/usr/bin/env bash
# Runs a command with the environment of the server in use (see lib.sh).
set -euo pipefail
. "$(dirname "$0")/lib.sh"
use_server
exec "$@"
