"""Runs dbt's commands for compat.py: what dbt takes to start is paid once, each command has a process of its own.

usage: PYTHON compat_dbt.py < REQUESTS

Each line of standard input is a JSON object: `arguments` of the command, `folder` to run in, `environment`. Each is
answered with a line on standard output: `exit code` (0, 1 or 2, as the command line's), `stdout` and `stderr`.
"""

import json
import os
import sys
import tempfile
import traceback

import dbt.adapters.postgres  # noqa: F401  (what commands would import themselves)
import dbt.parser.manifest  # noqa: F401
import dbt.task.build  # noqa: F401
import dbt.task.list  # noqa: F401
import psycopg2  # noqa: F401
from dbt.cli.main import cli, dbtRunner
from dbt_common.events.functions import reset_metadata_vars
from dbt_common.tests import enable_test_caching

PROFILE = "warm: {outputs: {o: {type: postgres, host: x, port: 1, user: x, password: x, dbname: x, schema: x, threads: 1}}}"


def warm_up():
    """Parses a project with nothing in it. dbt keeps the syntax trees of its own macros, by their texts."""
    enable_test_caching()
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {"dbt_project.yml": "name: warm\nprofile: warm\n", "profiles.yml": PROFILE}.items():
            with open(os.path.join(folder, name), "w") as file:
                file.write(text)
        done = dbtRunner().invoke(
            ["--quiet", "parse", "--target", "o", "--project-dir", folder, "--profiles-dir", folder, "--log-path", folder,
             "--no-send-anonymous-usage-stats"])
    if not done.success:
        sys.exit(f"dbt cannot parse an empty project: {done.exception}")


def run(request, out, err):
    """In the child: the command, as `dbt` itself would run it. Never returns."""
    os.dup2(out.fileno(), 1)
    os.dup2(err.fileno(), 2)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    reset_metadata_vars()
    sys.argv = ["dbt", *request["arguments"]]
    code = 2
    try:
        cli(request["arguments"])
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 2
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


warm_up()
for line in sys.stdin:
    request = json.loads(line)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            run(request, out, err)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
    print(json.dumps({"exit code": code, "stdout": texts[0], "stderr": texts[1]}), flush=True)
