#!/usr/bin/env python3
"""Break runs in every way, and see that nothing is half done.

usage: fault.py [--tenon EXE] [--kills 100] [--seed N] [--only WORD]

A project of tables, incremental models, snapshots, views and seeds runs on a private server of its own. Whatever is
done to the run or to the server, afterwards every table is missing or whole (they all have the same known rows), the
artifacts are JSON, the next run succeeds, and then nothing is in the database that the project does not name. A
fault is a function below whose name starts with `fault_`. Exit code 0 when all held, else 1.
"""

import argparse
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

TOP = pathlib.Path(__file__).resolve().parent.parent
ROWS = 3000
TABLES = [f"table_{n}" for n in range(6)]
INCREMENTAL = ["appended", "merged"]
PASSWORD = "pa55-w0rd-t0-hide"
SECRET = "s3cret-of-the-env1ronment"

PROJECT = {
    "dbt_project.yml": """
name: faults
version: "1.0"
profile: faults
snapshots:
  faults:
    +unique_key: id
    +strategy: check
    +check_cols: all
on-run-end: "insert into {{ target.schema }}.ends values (now())"
on-run-start: "create table if not exists {{ target.schema }}.ends (at timestamptz)"
""",
    "profiles.yml": """
faults:
  target: dev
  outputs:
    dev:
      type: postgres
      host: "{{ env_var('PGHOST') }}"
      port: "{{ env_var('PGPORT') | as_number }}"
      user: "{{ env_var('PGUSER') }}"
      password: "{{ env_var('DBT_ENV_SECRET_PASSWORD') }}"
      dbname: "{{ env_var('PGDATABASE') }}"
      schema: faults
      threads: 4
      retries: "{{ env_var('RETRIES', '1') | as_number }}"
""",
    "models/numbers.sql": "select id, md5(id::text) as text from generate_series(1, " + str(ROWS) + ") as id",
    "models/appended.sql": """
{{ config(materialized='incremental', unique_key='id', incremental_strategy='delete+insert') }}
select id, text, now() as at from {{ ref('numbers') }} where pg_sleep({{ var('pause', 0) }})::text is not null
""",
    "models/merged.sql": """
{{ config(materialized='incremental', unique_key='id', incremental_strategy='merge', indexes=[{'columns': ['id']}]) }}
select id, text, now() as at from {{ ref('numbers') }}
""",
    "models/last.sql": "select count(*) as n from " + " cross join ".join("(select 1 from {{ ref('%s') }} limit 1) as %s" % (t, t) for t in TABLES),
    "snapshots/history.yml": "snapshots:\n  - name: history\n    relation: ref('table_0')\n",
    "models/matview.sql": "{{ config(materialized='materialized_view') }}\nselect * from {{ ref('table_1') }}",
}
for _name in TABLES:
    PROJECT[f"models/{_name}.sql"] = """
{{ config(materialized='table', indexes=[{'columns': ['id'], 'unique': true}], post_hook="analyze {{ this }}") }}
select id, text from {{ ref('numbers') }}
"""
PROJECT["seeds/letters.csv"] = "id,letter\n" + "".join(f"{n},{chr(97 + n % 26)}\n" for n in range(1, ROWS + 1))
NAMED = set(TABLES + INCREMENTAL + ["numbers", "last", "history", "matview", "letters", "ends"])


def expect(condition, text):
    if not condition:
        raise AssertionError(text)


class Place:
    """The project, its server, and how things are run in it."""

    def __init__(self, tenon, kills, rng):
        self.tenon, self.kills, self.random = str(tenon), kills, rng
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tenon-faults-"))
        self.folder.chmod(0o755)
        for path, text in PROJECT.items():
            file = self.folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text.strip("\n") + "\n", encoding="utf-8")
        keep = {k: v for k, v in os.environ.items() if not re.match("PG|TENON|TENANT|DBT_", k)}
        self.plain = dict(keep, TENON_SERVER="local")
        self.serve("start")
        status = json.loads(self.serve("status", "--output", "json").stdout)
        self.environment = dict(
            keep, TENON_SERVER="external", PGHOST=status["host"], PGPORT=str(status["port"]), PGUSER="runner",
            PGDATABASE="faults", DBT_ENV_SECRET_PASSWORD=PASSWORD, DBT_ENV_SECRET_OTHER=SECRET)
        self.admin = dict(self.environment, PGUSER=status["user"], PGPASSWORD="postgres")
        self.sql(f"create role runner superuser login password '{PASSWORD}'", database="postgres")
        self.sql("create database faults owner runner", database="postgres")

    def serve(self, *arguments):
        return subprocess.run(
            [self.tenon, "server", *arguments], cwd=self.folder, env=self.plain, capture_output=True, text=True,
            timeout=120, check=True)

    def start(self, *arguments, **environment):
        return subprocess.Popen(
            [self.tenon, *arguments], cwd=self.folder, env={**self.environment, **environment},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def run(self, *arguments, timeout=120, **environment):
        process = self.start(*arguments, **environment)
        try:
            out, _ = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            raise AssertionError(f"{' '.join(arguments)} hangs:\n{process.communicate()[0][-2000:]}") from None
        return process.returncode, out

    def sql(self, text, database="faults"):
        done = subprocess.run(
            ["psql", "--no-psqlrc", "--tuples-only", "--no-align", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname",
             database, "--command", text], env=self.admin, capture_output=True, text=True, timeout=60, check=False)
        expect(done.returncode == 0, f"psql: {done.stderr}")
        return done.stdout.strip()

    def relations(self):
        rows = self.sql(
            "select relname || ' ' || relkind::text from pg_class where relnamespace = to_regnamespace('faults')"
            " and relkind in ('r', 'v', 'm') order by relname")
        return dict(line.split() for line in rows.splitlines())

    def whole(self, when):
        """Every relation the project names is missing or complete; artifacts are JSON."""
        present = self.relations()
        for name in TABLES + INCREMENTAL + ["letters", "matview"]:
            if name in present:
                count = int(self.sql(f"select count(*) from faults.{name}"))
                expect(count == ROWS, f"{when}: {name} has {count} of {ROWS} rows")
        if "history" in present:
            count = self.sql("select count(*), count(distinct id) from faults.history where dbt_valid_to is null")
            expect(count == f"{ROWS}|{ROWS}", f"{when}: history has {count} rows")
        self.artifacts(when)

    def artifacts(self, when):
        for path in (self.folder / "target").glob("*.json"):
            try:
                json.loads(path.read_text(encoding="utf-8"))
            except ValueError as error:
                raise AssertionError(f"{when}: {path.name} is no JSON: {error}") from None

    def recovers(self, when):
        """The next run succeeds and leaves what the project names, nothing else."""
        self.whole(when)
        code, out = self.run("build", "--quiet")
        expect(code == 0, f"{when}: the next run ended with {code}:\n{out[-3000:]}")
        self.whole(f"{when}, next run")
        strays = set(self.relations()) - NAMED
        expect(not strays, f"{when}: left over after the next run: {sorted(strays)}")

    def sessions(self, where="true"):
        return int(self.sql(
            "select count(*) from pg_stat_activity where datname = 'faults' and pid <> pg_backend_pid()"
            f" and usename = 'runner' and {where}"))

    def postmaster(self):
        home = self.folder / ".tenon" / "server"
        location = home / "location"
        if location.exists() and location.read_text().strip():
            home = pathlib.Path(location.read_text().split("\n")[0])
        return int((home / "data" / "postmaster.pid").read_text().split("\n")[0])

    def duration(self):
        began = time.monotonic()
        code, out = self.run("build", "--quiet")
        expect(code == 0, f"an undisturbed run ended with {code}:\n{out[-3000:]}")
        return time.monotonic() - began

    def remove(self):
        subprocess.run([self.tenon, "server", "reset", "--yes"], cwd=self.folder, env=self.plain, capture_output=True, check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


def fault_killed(place):
    duration = place.duration()
    for number in range(place.kills):
        # Half of the runs begin with nothing there.
        if number % 2:
            place.sql("drop schema if exists faults cascade")
        process = place.start("build", "--quiet", *(["--full-refresh"] if number % 3 == 0 else []))
        time.sleep(place.random.uniform(0, duration))
        process.kill()
        process.communicate()
        # The server notices a client that is gone when it next talks to it.
        deadline = time.monotonic() + 20
        while place.sessions() and time.monotonic() < deadline:
            time.sleep(0.02)
        place.whole(f"kill {number}")
        if number % 5 == 4 or number == place.kills - 1:
            place.recovers(f"kill {number}")


def fault_server_killed(place):
    duration = place.duration()
    for number in range(max(2, place.kills // 20)):
        process = place.start("build", "--full-refresh")
        time.sleep(place.random.uniform(0.1, duration))
        os.kill(place.postmaster(), signal.SIGKILL)
        out, _ = process.communicate(timeout=60)
        expect(process.returncode in (0, 1, 2), f"the run ended with {process.returncode}:\n{out[-2000:]}")
        time.sleep(0.5)
        place.serve("start")
        place.recovers(f"server killed {number}")


def fault_server_restarted(place):
    duration = place.duration()
    process = place.start("build", "--full-refresh")
    time.sleep(duration / 2)
    place.serve("stop")
    out, _ = process.communicate(timeout=60)
    expect(process.returncode in (0, 1, 2), f"the run ended with {process.returncode}:\n{out[-2000:]}")
    place.serve("start")
    place.recovers("server restarted")


def fault_backend_terminated(place):
    place.recovers("before")
    process = place.start("run", "--vars", "{pause: 0.002}")
    deadline = time.monotonic() + 30
    killed = 0
    while not killed and time.monotonic() < deadline:
        killed = int(place.sql(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = 'runner' and datname = 'faults'"
            " and query like '%pg_sleep%' and state = 'active'"))
        time.sleep(0.02)
    out, _ = process.communicate(timeout=60)
    expect(killed, "the slow statement was never seen")
    expect(process.returncode == 1, f"the run ended with {process.returncode}:\n{out[-2000:]}")
    expect("terminating connection due to administrator command" in out, f"PostgreSQL's reason is not told:\n{out[-2000:]}")
    expect(re.search(r"ERROR=1 ", out), f"more than one node failed:\n{out[-2000:]}")
    place.recovers("backend terminated")


def fault_statement_timeout(place):
    place.recovers("before")
    code, out = place.run("run", "--vars", "{pause: 0.01}", PGOPTIONS="-c statement_timeout=2000")
    expect(code == 1 and "canceling statement due to statement timeout" in out, f"ended with {code}:\n{out[-2000:]}")
    place.recovers("statement timeout")


def fault_disk_full(place):
    disk = pathlib.Path(tempfile.mkdtemp(prefix="tenon-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True, check=False).returncode == 0
    if not mounted:
        disk.rmdir()
        return "no small disk can be mounted here"
    try:
        shutil.chown(disk, user=pathlib.Path(f"/proc/{place.postmaster()}").owner())
        disk.chmod(0o700)
        place.sql(f"create tablespace small location '{disk}'")
        place.sql("drop schema if exists faults cascade")
        code, out = place.run("build", PGOPTIONS="-c default_tablespace=small")
        expect(code == 1 and "No space left on device" in out, f"ended with {code}:\n{out[-2000:]}")
        place.whole("disk full")
    finally:
        place.sql("drop schema if exists faults cascade")
        place.sql("drop tablespace if exists small")
        subprocess.run(["umount", "-l", str(disk)], check=False)
        disk.rmdir()
    place.recovers("disk full")
    return None


def fault_interrupted(place):
    place.recovers("before")
    for interrupts, word in [(1, "SIGINT"), (1, "SIGTERM"), (2, "SIGINT")]:
        process = place.start("run", "--vars", "{pause: 10}")
        deadline = time.monotonic() + 30
        while not place.sessions("query like '%pg_sleep%' and state = 'active'"):
            expect(time.monotonic() < deadline, "the slow statement was never seen")
            time.sleep(0.02)
        began = time.monotonic()
        for _ in range(interrupts):
            process.send_signal(getattr(signal, word))
        out, _ = process.communicate(timeout=30)
        seconds = time.monotonic() - began
        # The second ends it at once, unless it came together with the first.
        expected = [2] if interrupts == 1 else [130, 2]
        expect(process.returncode in expected, f"an interrupted run ended with {process.returncode}:\n{out}")
        expect(seconds < 2, f"ended {seconds:.1f} s after {word}")
        if interrupts == 1:
            results = json.loads((place.folder / "target" / "run_results.json").read_text())["results"]
            expect(any(r["unique_id"] == "model.faults.appended" for r in results), "run_results.json lacks the node")
            expect(
                any(r["unique_id"].startswith("operation.") and r["status"] == "success" for r in results),
                "on-run-end had no last word")
        deadline = time.monotonic() + 3
        while place.sessions("state = 'active'") and interrupts == 1:
            expect(time.monotonic() < deadline, "a statement still runs on the server")
            time.sleep(0.05)
        place.sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'runner'")
        place.recovers(f"{interrupts} x {word}")


def fault_two_runs_at_once(place):
    place.recovers("before")
    for _ in range(3):
        runs = [place.start("run", "--full-refresh") for _ in range(2)]
        while any(run.poll() is None for run in runs):
            place.artifacts("two runs")
            time.sleep(0.01)
        for run in runs:
            out = run.communicate()[0]
            expect(run.returncode in (0, 1), f"ended with {run.returncode}:\n{out[-2000:]}")
        place.recovers("two runs at once")


def fault_server_not_there(place):
    place.recovers("before")
    place.serve("stop")
    for retries in (0, 3):
        code, out = place.run("run", "--debug", RETRIES=str(retries))
        expect(code == 2 and "Connection refused" in out, f"ended with {code}:\n{out[-2000:]}")
        seen = len(re.findall("attempts remaining", out))
        expect(seen == retries, f"{seen} attempts were told with retries: {retries}")
    place.serve("start")
    place.recovers("server not there")


def fault_secrets(place):
    """Passwords and secrets are in no output, log, artifact or process title, whatever goes wrong."""
    (place.folder / "models" / "curious.sql").write_text(
        "-- {{ target }} {{ target.get('password') }} {{ adapter.config.credentials }} {{ env_var('PGUSER') }}\nselect 1 as id\n")
    try:
        shown = ""
        process = place.start("--debug", "run", "--log-level", "debug")
        titles = ""
        while process.poll() is None:
            try:
                titles += pathlib.Path(f"/proc/{process.pid}/cmdline").read_text()
            except OSError:
                pass
            time.sleep(0.01)
        shown += process.communicate()[0] + titles
        for extra in [{"DBT_ENV_SECRET_PASSWORD": SECRET}, {"PGPORT": "1"}, {"PGDATABASE": SECRET}]:
            shown += place.run("run", "--debug", **extra)[1] + place.run("debug", **extra)[1]
        shown += place.run("run", "--debug", "--vars", "{x: " + SECRET + "}")[1]
    finally:
        (place.folder / "models" / "curious.sql").unlink()
        place.sql("drop view if exists faults.curious")
    for path in list((place.folder / "target").rglob("*")) + list((place.folder / "logs").rglob("*")):
        if path.is_file():
            shown += f"\n{path}\n" + path.read_text(encoding="utf-8", errors="replace")
    for word in (PASSWORD, SECRET):
        at = shown.find(word)
        expect(at < 0, f"a secret is shown: …{shown[max(0, at - 300):at + 60]}…")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tenon", type=pathlib.Path, default=TOP / ".build" / "release" / "tenon")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    print(f"seed {options.seed}")
    place = Place(options.tenon.resolve(), options.kills, random.Random(options.seed))
    failed = 0
    try:
        for name, fault in [(n, f) for n, f in globals().items() if n.startswith("fault_") and options.only in n]:
            began = time.monotonic()
            try:
                note = fault(place)
                word = "skip" if note else "ok  "
            except (AssertionError, OSError, subprocess.SubprocessError, ValueError) as error:
                failed += 1
                word, note = "FAIL", str(error) if isinstance(error, AssertionError) else traceback.format_exc()
                subprocess.run([place.tenon, "server", "start"], cwd=place.folder, env=place.plain, capture_output=True, check=False)
            print(f"{word} {name[6:].replace('_', ' ')} ({time.monotonic() - began:.1f} s){': ' + note if note else ''}", flush=True)
    finally:
        place.remove()
    print(f"{failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
