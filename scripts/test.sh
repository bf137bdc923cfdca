#!/usr/bin/env bash
# The whole test suite of the program: its rooms, then the built program itself: broken projects, fleets, faults, every
# Makefile target and every command of the tenant guide.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
swift test --parallel
python3 "$(dirname "$0")/test_bad_projects.py"
python3 "$(dirname "$0")/test_fleet.py"
python3 "$(dirname "$0")/fault.py" --kills 5
exec python3 "$(dirname "$0")/test_makefile.py"
