#!/usr/bin/env python3
"""Give tenon projects that are broken, huge, deep or not even files, and see that it says so and ends.

usage: test_bad_projects.py [--tenon EXE] [--seed N] [--only WORD]

Each case changes a copy of Tests/Golden/errors/_base and runs `tenon parse` there, without a server. It fails when
tenon is ended by a signal, takes longer than a minute, or fails without a word. Where a case says which exit code is
right, that is checked too: 2 for what can't be read, 0 for what dbt doesn't mind either. The last line is
`N passed, N failed`; the exit code is 0 when none failed.
"""

import argparse
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent
BASE = TOP / "Tests" / "Golden" / "errors" / "_base"
DEPTH = 10_000
LARGE = 10_000_000
NOISE = b"{}[]:-&*!|>'\"%@`#,?\n\t \0\xff%"
RANDOM_CASES = 40


def replace(name, content):
    """An edit: the file has this content."""
    def edit(project):
        if isinstance(content, bytes):
            (project / name).write_bytes(content)
        else:
            (project / name).write_text(content, encoding="utf-8")
    return edit


def folder_for(name):
    """An edit: a folder stands where the file is expected."""
    def edit(project):
        (project / name).unlink(missing_ok=True)
        (project / name).mkdir()
    return edit


def link(name, target):
    return lambda project: os.symlink(target, project / name)


def unreadable(name):
    return lambda project: (project / name).chmod(0)


def mutated(name, seed):
    """An edit: the file is cut off, or some of its bytes are others."""
    def edit(project):
        rng = random.Random(seed)
        data = bytearray((project / name).read_bytes())
        if rng.random() < 0.3:
            del data[rng.randrange(len(data)):]
        else:
            for _ in range(rng.randint(1, 6)):
                data[rng.randrange(len(data))] = rng.choice(NOISE)
        (project / name).write_bytes(bytes(data))
    return edit


def cases(seed):
    """Name, edit, and the exit code that is right (None: any of 0, 1 and 2)."""
    properties, model = "models/models.yml", "models/customer_totals.sql"
    rows = "".join(f"  - name: m{i}\n" for i in range(LARGE // 15))
    found = [
        ("deep YAML, open", replace(properties, "[" * DEPTH), 2),
        ("deep YAML, blocks", replace(properties, "\n".join(" " * i + "a:" for i in range(3_000))), 2),
        ("deep YAML, closed", replace(properties, "models: " + "[" * DEPTH + "]" * DEPTH), 2),
        ("deep parentheses", replace(model, "{{ " + "(" * DEPTH + "1" + ")" * DEPTH + " }}"), 2),
        ("deep ifs", replace(model, "{% if 1 %}" * DEPTH + "{% endif %}" * DEPTH), 2),
        ("deep loops, open", replace(model, "{% for x in y %}" * DEPTH), 2),
        ("deep lists", replace(model, "{{ " + "[" * DEPTH + "]" * DEPTH + " }}"), 2),
        ("large SQL", replace(model, "select 1 -- " + "x" * LARGE), 0),
        ("many expressions", replace(model, "{{ 1 }}" * (LARGE // 7)), 0),
        ("many unused properties", replace(properties, "models:\n" + rows), None),
        ("NUL bytes", replace(model, b"\0" * 1000), None),
        ("SQL that is no UTF-8", replace(model, b'select \xff\xfe {{ ref("\xe9") }}'), 2),
        ("YAML in UTF-16", replace(properties, "version: 2".encode("utf-16")), None),
        ("project file that is no UTF-8", replace("dbt_project.yml", b"name: \xff"), 2),
        ("a folder links to itself", link("models/loop", "."), None),
        ("a link to itself", link("models/self.sql", "self.sql"), None),
        ("a link to nothing", link("models/x.yml", "/nonexistent"), None),
        ("a folder named like a model", folder_for("models/x.sql"), 0),
        ("a folder for properties", folder_for(properties), None),
        ("a folder for the project file", folder_for("dbt_project.yml"), 2),
        ("a folder for the profiles", folder_for("profiles.yml"), 2),
        ("a pipe named like a model", lambda project: os.mkfifo(project / "models" / "x.sql"), None),
        ("target is a file", replace("target", "x"), None),
        ("logs is a file", replace("logs", "x"), None),
    ]
    texts = ["dbt_project.yml", "profiles.yml", properties, model, "macros/cents_to_units.sql", "models/sources.yml"]
    found += [(f"empty {name}", replace(name, ""), None) for name in texts + ["seeds/raw_orders.csv"]]
    if os.geteuid() != 0:  # root reads everything
        found += [(f"unreadable {name}", unreadable(name), 2) for name in ["dbt_project.yml", properties, model]]
    rng = random.Random(seed)
    for number in range(RANDOM_CASES):
        name = rng.choice(texts)
        found.append((f"random {number}: {name}", mutated(name, rng.random()), None))
    return found


def outcome(tenon, edit, code):
    """What is wrong with how tenon ended; empty when nothing is."""
    with tempfile.TemporaryDirectory(prefix="tenon-bad-") as folder:
        project = pathlib.Path(folder) / "project"
        shutil.copytree(BASE, project)
        edit(project)
        # No server is needed to parse; where one were asked for, none would answer.
        environment = dict(os.environ, TENON_SERVER="external", PGHOST="127.0.0.1", PGPORT="1")
        try:
            run = subprocess.run(
                [tenon, "parse"], cwd=project, env=environment, capture_output=True, timeout=60, check=False)
        except subprocess.TimeoutExpired:
            return "did not end within a minute"
        said = (run.stdout + run.stderr).decode("utf-8", "replace")
        if run.returncode not in (0, 1, 2):
            return f"ended with {run.returncode}: {said[-300:]}"
        if run.returncode != 0 and "rror" not in said:
            return f"ended with {run.returncode} without an error's text: {said[-300:]}"
        if code is not None and run.returncode != code:
            return f"ended with {run.returncode}, not {code}: {said[-300:]}"
        return ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tenon", default=str(TOP / ".build" / "release" / "tenon"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    passed = failed = 0
    for name, edit, code in cases(options.seed):
        if options.only not in name:
            continue
        wrong = outcome(os.path.abspath(options.tenon), edit, code)
        if wrong:
            failed += 1
            print(f"FAIL {name}: {wrong}", flush=True)
        else:
            passed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
