#!/usr/bin/env python3
"""Run two executables over the same dbt projects and compare what they leave behind.

usage: compat.py [--left CMD] [--right CMD] [--fields core|all] [--cache FOLDER] [--jobs N] [--show N] [PROJECT...]

The left one is the reference (environment: COMPAT_LEFT), the right one is judged (COMPAT_RIGHT). Projects are
the folders of Tests/Compat/projects and `reference`, the one at the top of the repository; all by default. A
PostgreSQL at PGHOST, PGPORT, PGUSER, PGPASSWORD is needed; the databases `compat` and `compat_reference_db`
there are made and dropped.

Each project may hold a compat.json:
    commands   lists of arguments, run in order; default [["compile"]]
    env        environment variables of all commands
    queries    SQL whose printed answers are compared after the last command

After each command these are compared: the exit code (0, 1 or 2); what `ls` printed; every file under
target/compiled, byte by byte; manifest.json, entry by entry and field by field; semantic_manifest.json; statuses,
failures, relation names and compiled code of run_results.json. Exit code 0 when nothing differs, else 1.
"""

import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import time

TOP = pathlib.Path(__file__).resolve().parent.parent
COMPAT = TOP / "Tests" / "Compat"
REFERENCE_PARTS = ["analyses", "data_tests", "dbt_project.yml", "macros", "models", "profiles.yml", "seeds", "snapshots"]

# Of an entry of the manifest: what other programs and later runs build on.
CORE = {
    "alias", "checksum", "columns", "compiled_code", "compiled_path", "config", "contract", "database", "depends_on",
    "description", "exposures", "extra_ctes", "fqn", "identifier", "macro_sql", "meta", "metrics", "name",
    "original_file_path", "package_name", "path", "raw_code", "refs", "relation_name", "resource_type", "schema",
    "sources", "tags", "test_metadata", "unique_id", "version", "latest_version",
}
# Differs from run to run, or says where the project lies.
NEVER = {"created_at", "root_path"}
SECTIONS = [
    "nodes", "sources", "macros", "docs", "exposures", "metrics", "groups", "selectors", "disabled", "parent_map",
    "child_map", "group_map", "saved_queries", "semantic_models", "unit_tests", "functions",
]
# The four fields of a result that don't depend on the clock or on a sentence's wording.
RESULT = ["status", "failures", "relation_name", "compiled_code"]


class Project:
    def __init__(self, name):
        self.name = name
        self.is_reference = name == "reference"
        self.folder = TOP if self.is_reference else COMPAT / "projects" / name
        settings = {}
        if self.is_reference:
            settings = {
                "commands": [["compile"], ["build"], ["compile"]],
                "env": {"TENANT_NAME": "compat_reference"},
            }
        elif (self.folder / "compat.json").exists():
            settings = json.loads((self.folder / "compat.json").read_text(encoding="utf-8"))
        self.commands = settings.get("commands", [["compile"]])
        self.env = settings.get("env", {})
        self.queries = settings.get("queries", [])
        self.database = "compat_reference_db" if self.is_reference else "compat"

    def copy_to(self, folder):
        if self.is_reference:
            folder.mkdir()
            for part in REFERENCE_PARTS:
                source = TOP / part
                if source.is_dir():
                    shutil.copytree(source, folder / part)
                else:
                    shutil.copy(source, folder / part)
        else:
            shutil.copytree(self.folder, folder)

    def fingerprint(self):
        digest = hashlib.sha256(pathlib.Path(__file__).read_bytes() + (TOP / "scripts" / "compat_dbt.py").read_bytes())
        digest.update((COMPAT / "profiles.yml").read_bytes())
        roots = [TOP / part for part in REFERENCE_PARTS] if self.is_reference else [self.folder]
        for root in roots:
            for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
                if path.is_file():
                    digest.update(str(path.relative_to(self.folder)).encode() + b"\0" + path.read_bytes() + b"\0")
        return digest.hexdigest()


def psql(database, sql):
    done = subprocess.run(
        ["psql", "--no-psqlrc", "--tuples-only", "--no-align", "--quiet", "--set", "ON_ERROR_STOP=1",
         "--dbname", database, "--command", sql],
        capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else f"error: {done.stderr.strip()}"


def fresh_database(project):
    """Nothing of an earlier run may be seen: dbt asks the database what is there."""
    if project.is_reference:
        psql("postgres", f'drop database if exists "{project.database}" with (force)')
    if psql("postgres", f"select 1 from pg_database where datname = '{project.database}'").strip() != "1":
        psql("postgres", f'create database "{project.database}"')
    if not project.is_reference:
        schemas = psql(
            project.database,
            f"select quote_ident(nspname) from pg_namespace where nspname ~ '^compat_{project.name}(_|$)'").split("\n")
        for schema in filter(None, schemas):
            psql(project.database, f"drop schema {schema} cascade")


def table_digests(database):
    """A line for each table and view of the reference project: its name, rows, and a digest of all rows."""
    names = psql(
        database,
        "select quote_ident(table_name) from information_schema.tables where table_schema = 'public_public'"
        " order by table_name").split()
    # A snapshot's own columns hold the time of the run.
    strip = " - 'dbt_scd_id' - 'dbt_updated_at' - 'dbt_valid_from' - 'dbt_valid_to'"
    return "".join(
        name + " " + psql(
            database,
            f"select count(*), md5(string_agg(row, E'\\n' order by row))"
            f" from (select (to_jsonb(t){strip})::text as row from public_public.{name} as t) as rows")
        for name in names)


def normal_entry(entry):
    if isinstance(entry, dict):
        return {key: normal_entry(value) for key, value in entry.items() if key not in NEVER}
    if isinstance(entry, list):
        return [normal_entry(value) for value in entry]
    return entry


def without_text(entry):
    """The texts of built-in macros and docs are each program's own; names and what calls what are compared."""
    if entry["package_name"] not in ("dbt", "dbt_postgres"):
        return entry
    macros = entry.get("depends_on", {}).get("macros", [])
    return {"unique_id": entry["unique_id"], "depends_on": {"macros": sorted(macros)}}


def normal_manifest(path):
    manifest = json.loads(path.read_text(encoding="utf-8"))
    out = {}
    for section in SECTIONS:
        entries = manifest.get(section) or {}
        if section in ("macros", "docs"):
            entries = {key: without_text(value) for key, value in entries.items()}
        if section in ("parent_map", "child_map"):
            entries = {key: sorted(value) for key, value in entries.items()}
        out[section] = normal_entry(entries)
    return out


class Executable:
    """A program to compare, started anew for every command."""

    def __init__(self, command):
        self.command = command

    def run(self, arguments, folder, environment):
        """The exit code, and what was printed on the two streams."""
        done = subprocess.run(
            self.command + arguments, cwd=folder, env=environment, capture_output=True, text=True,
            stdin=subprocess.DEVNULL, timeout=300, check=False)
        return done.returncode, done.stdout, done.stderr

    def close(self):
        pass


class WarmDbt:
    """The real dbt, which takes longer to start than to work: `compat_dbt.py` starts once and forks."""

    def __init__(self, python):
        self.process = subprocess.Popen(
            [str(python), str(TOP / "scripts" / "compat_dbt.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, env=dict(os.environ, PYTHONWARNINGS="ignore"))

    def run(self, arguments, folder, environment):
        request = {"arguments": arguments, "folder": str(folder), "environment": environment}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return answer["exit code"], answer["stdout"], answer["stderr"]

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)


class Programs:
    """One program a thread and command, closed together at the end."""

    def __init__(self):
        self.own = threading.local()
        self.all = []

    def of(self, command):
        known = self.own.__dict__.setdefault("programs", {})
        key = shlex.join(command)
        if key not in known:
            python = pathlib.Path(command[0]).parent / "python"
            is_dbt = len(command) == 1 and pathlib.Path(command[0]).name == "dbt" and python.exists()
            known[key] = WarmDbt(python) if is_dbt else Executable(command)
            self.all.append(known[key])
        return known[key]

    def close(self):
        for program in self.all:
            program.close()


PROGRAMS = Programs()


def run_side(command, project, workplace):
    """What each command left behind: a list of plain values, one a command, and the answers to the queries."""
    folder = workplace / project.name
    project.copy_to(folder)
    fresh_database(project)
    environment = dict(
        os.environ, COMPAT_PROJECT=project.name, TENON_SERVER="external", DBT_SEND_ANONYMOUS_USAGE_STATS="false",
        DBT_USE_COLORS="false", **project.env)
    environment["DBT_PROFILES_DIR"] = str(folder if project.is_reference else COMPAT)
    outcomes = []
    program = PROGRAMS.of(command)
    for arguments in project.commands:
        shutil.rmtree(folder / "target", ignore_errors=True)
        code, printed, complaints = program.run(arguments, folder, environment)
        outcome = {"exit code": code}
        if code != 0:
            outcome["said"] = (printed + complaints)[-2000:]
        if arguments[0] == "ls" and code == 0:
            lines = printed.splitlines()
            if "json" in arguments:
                lines = [normal_entry(json.loads(line)) for line in lines]
            outcome["printed"] = lines
        compiled = folder / "target" / "compiled"
        outcome["compiled"] = {
            str(path.relative_to(compiled)): path.read_bytes().decode("utf-8", "backslashreplace")
            for path in sorted(compiled.rglob("*")) if path.is_file()
        }
        manifest = folder / "target" / "manifest.json"
        # `ls` writes the manifest that `compile` is asked for anyway.
        read = manifest.exists() and arguments[0] != "ls"
        outcome["manifest"] = normal_manifest(manifest) if read else {}
        semantic = folder / "target" / "semantic_manifest.json"
        outcome["semantic manifest"] = json.loads(semantic.read_text(encoding="utf-8")) if read and semantic.exists() else {}
        results = folder / "target" / "run_results.json"
        if results.exists():
            outcome["results"] = {
                result["unique_id"]: {key: result.get(key) for key in RESULT}
                for result in json.loads(results.read_text(encoding="utf-8"))["results"]
            }
        outcomes.append(outcome)
    answers = [table_digests(project.database)] if project.is_reference else [
        psql(project.database, query) for query in project.queries]
    return {"outcomes": outcomes, "answers": answers}


def cached_side(command, project, workplace, cache):
    if cache is None:
        return run_side(command, project, workplace)
    version = subprocess.run(command + ["--version"], capture_output=True, text=True, check=False).stdout
    key = hashlib.sha256((project.fingerprint() + version + shlex.join(command)).encode()).hexdigest()[:32]
    path = cache / f"{project.name}-{key}.json"
    if path.exists():
        return json.loads(path.read_text(encoding="utf-8"))
    result = run_side(command, project, workplace)
    cache.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(result), encoding="utf-8")
    partial.replace(path)
    return result


class Score:
    """Counts what was compared, by kind, and keeps the differences."""

    def __init__(self):
        self.same = {}
        self.total = {}
        self.differences = []

    def compare(self, kind, where, left, right):
        self.total[kind] = self.total.get(kind, 0) + 1
        if left == right:
            self.same[kind] = self.same.get(kind, 0) + 1
        else:
            self.differences.append((where, left, right))

    def add(self, other):
        for kind, count in other.total.items():
            self.total[kind] = self.total.get(kind, 0) + count
            self.same[kind] = self.same.get(kind, 0) + other.same.get(kind, 0)

    def text(self):
        return "; ".join(f"{kind} {self.same.get(kind, 0)}/{total}" for kind, total in self.total.items())


ABSENT = "(absent)"


def compare_entries(score, where, left, right, fields):
    for key in sorted(set(left) | set(right)):
        one, two = left.get(key, ABSENT), right.get(key, ABSENT)
        if not (isinstance(one, dict) and isinstance(two, dict)):
            score.compare("manifest", f"{where}[{key}]", one, two)
            continue
        for field in sorted(set(one) | set(two)):
            if fields == "all" or field in CORE:
                score.compare("manifest", f"{where}[{key}].{field}", one.get(field, ABSENT), two.get(field, ABSENT))


def compare(project, left, right, fields):
    score = Score()
    for arguments, one, two in zip(project.commands, left["outcomes"], right["outcomes"]):
        where = f"{project.name}: {shlex.join(arguments)}"
        score.compare("exit codes", f"{where}: exit code", one["exit code"], two["exit code"])
        if one["exit code"] != two["exit code"]:
            score.differences.append((f"{where}: said", one.get("said", ""), two.get("said", "")))
        if "printed" in one or "printed" in two:
            score.compare("listings", f"{where}: printed", one.get("printed"), two.get("printed"))
        for path in sorted(set(one["compiled"]) | set(two["compiled"])):
            score.compare(
                "compiled files", f"{where}: {path}", one["compiled"].get(path, ABSENT), two["compiled"].get(path, ABSENT))
        for section in sorted(set(one["semantic manifest"]) | set(two["semantic manifest"])):
            score.compare(
                "semantic manifests", f"{where}: semantic manifest's {section}",
                one["semantic manifest"].get(section, ABSENT), two["semantic manifest"].get(section, ABSENT))
        for section in SECTIONS:
            compare_entries(
                score, f"{where}: {section}", one["manifest"].get(section, {}), two["manifest"].get(section, {}), fields)
        for node in sorted(set(one.get("results", {})) | set(two.get("results", {}))):
            score.compare(
                "results", f"{where}: result of {node}",
                one.get("results", {}).get(node, ABSENT), two.get("results", {}).get(node, ABSENT))
    for number, (one, two) in enumerate(zip(left["answers"], right["answers"])):
        score.compare("tables", f"{project.name}: query {number + 1}", one, two)
    return score


def first_difference(left, right):
    """The smallest part of two values that tells them apart, and the path to it."""
    path = ""
    while True:
        if isinstance(left, dict) and isinstance(right, dict):
            key = next(key for key in sorted(set(left) | set(right)) if left.get(key, ABSENT) != right.get(key, ABSENT))
            path, left, right = f"{path}.{key}", left.get(key, ABSENT), right.get(key, ABSENT)
        elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
            at = next(at for at, (one, two) in enumerate(zip(left, right)) if one != two)
            path, left, right = f"{path}[{at}]", left[at], right[at]
        else:
            break
    if isinstance(left, str) and isinstance(right, str) and max(len(left), len(right)) > 200:
        at = next((at for at, (one, two) in enumerate(zip(left, right)) if one != two), min(len(left), len(right)))
        left, right = left[max(0, at - 60):at + 140], right[max(0, at - 60):at + 140]
        path += f" (from character {max(0, at - 60)})"
    return path, left, right


def main():
    parser = argparse.ArgumentParser(description="compare two executables over the same dbt projects")
    parser.add_argument("--left", default=os.environ.get("COMPAT_LEFT", "dbt"))
    parser.add_argument("--right", default=os.environ.get("COMPAT_RIGHT", str(TOP / ".build/release/tenon")))
    parser.add_argument("--fields", choices=["core", "all"], default="all")
    parser.add_argument("--cache", type=pathlib.Path, help="keep the left side's answers here")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--show", type=int, default=10, help="differences shown a project")
    parser.add_argument("projects", nargs="*", metavar="PROJECT")
    options = parser.parse_args()
    began = time.monotonic()

    every = sorted(path.name for path in (COMPAT / "projects").iterdir() if path.is_dir()) + ["reference"]
    names = options.projects or every
    unknown = [name for name in names if name not in every]
    if unknown:
        parser.error(f"unknown project {unknown[0]}; there are: {' '.join(every)}")
    for name, value in {"PGHOST": "localhost", "PGPORT": "5432", "PGUSER": "postgres", "PGPASSWORD": "postgres"}.items():
        os.environ.setdefault(name, value)
    if psql("postgres", "select 1").strip() != "1":
        sys.exit(f"no PostgreSQL answers at {os.environ['PGHOST']}:{os.environ['PGPORT']}")
    if psql("postgres", "select 1 from pg_database where datname = 'compat'").strip() != "1":
        psql("postgres", "create database compat")

    def one_project(name):
        project = Project(name)
        with tempfile.TemporaryDirectory(prefix="compat-") as workplace:
            sides = []
            for side, command in (("left", options.left), ("right", options.right)):
                place = pathlib.Path(workplace) / side
                place.mkdir()
                cache = options.cache if side == "left" else None
                sides.append(cached_side(shlex.split(command), project, place, cache))
        return project, sides

    total, identical = Score(), 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for project, (left, right) in pool.map(one_project, names):
            score = compare(project, left, right, options.fields)
            total.add(score)
            identical += not score.differences
            print(f"{'DIFF' if score.differences else 'ok  '} {project.name}: {score.text()}", flush=True)
            for where, one, two in score.differences[:options.show]:
                path, one, two = first_difference(one, two)
                print(f"     {where}{path}\n       left:  {one!r}\n       right: {two!r}")
            if len(score.differences) > options.show:
                print(f"     … and {len(score.differences) - options.show} more")
    PROGRAMS.close()
    print(f"compat: {identical}/{len(names)} projects identical; {total.text()}; {time.monotonic() - began:.0f} s")
    sys.exit(0 if identical == len(names) else 1)


if __name__ == "__main__":
    main()
