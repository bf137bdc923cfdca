"""Runs several dbt commands in one process, which saves what dbt takes to start.

usage: PYTHON compat_dbt.py < COMMANDS

Standard input has a JSON list of argument lists. Standard output gets a JSON list with an object for each:
its exit code (0, 1 or 2, as the command line's) and what it printed.
"""

import contextlib
import io
import json
import sys

from dbt.cli.exceptions import ResultExit
from dbt.cli.main import dbtRunner


def exit_code(result):
    if result.success:
        return 0
    return 1 if result.exception is None or isinstance(result.exception, ResultExit) else 2


outcomes = []
for arguments in json.load(sys.stdin):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        result = dbtRunner().invoke(arguments)
    outcomes.append({"exit code": exit_code(result), "printed": printed.getvalue()})
json.dump(outcomes, sys.stdout)
