#!/usr/bin/env python3
"""Run fleets of tenants against servers of this script's own: what is shared, what is limited, what survives.

usage: test_fleet.py [--tenon EXE] [--only WORD] [--keep]

The servers (PostgreSQL's programs from PATH or /usr/lib/postgresql) and the projects live in a temporary folder. A
check is a function below whose name starts with `check_`. The last line is `N passed, N failed`; the exit code is 0
when none failed.
"""

import argparse
import glob
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback

TOP = pathlib.Path(__file__).resolve().parent.parent

PROJECT = {
    "dbt_project.yml": """
name: shop
version: "1.0"
profile: shop
models:
  shop:
    +materialized: view
on-run-start:
  - select '{{ var("tenant_name") }}'
vars:
  tenant_name: nobody
  shared_number: 7
""",
    "seeds/words.csv": "id,word\n1,one\n2,two\n3,three\n",
    "macros/names.sql": """
{% macro generate_schema_name(custom, node) %}{{ target.schema if custom is none else custom ~ '_' ~ var('shared_number') }}{% endmacro %}
{% macro who() %}{{ return(env_var('TENANT_NAME', 'nobody')) }}{% endmacro %}
{% macro answer(number) %}{{ print('answer ' ~ (number * 2) ~ ' for ' ~ who()) }}{% endmacro %}
""",
    "models/plain.sql": "select id, word from {{ ref('words') }}",
    "models/numbered.sql": "{{ config(meta={'number': var('shared_number')}, schema='extra') }} select {{ var('shared_number') }} as n",
    "models/named.sql": "{{ config(tags=[who()]) }} select '{{ var('tenant_name') }}' as tenant_name from {{ ref('plain') }}",
    "models/switched.sql": "{{ config(materialized='table' if var('tenant_name') == 'b' else 'view') }} select * from {{ ref('plain') if var('tenant_name') != 'b' else ref('named') }}",
    "models/only_a.sql": "{{ config(enabled=env_var('TENANT_NAME') == 'a') }} select 1 as id",
    "models/bound.sql": "{{ config(meta={'database': target.dbname}, alias='bound_' ~ this.schema) }} select 1 as id",
    "models/schema.yml": """
version: 2
models:
  - name: plain
    description: The words.
    columns:
      - name: id
        data_tests: [unique, not_null]
      - name: word
        data_tests:
          - accepted_values: {arguments: {values: [one, two, three]}}
  - name: named
    meta: {who: "{{ env_var('TENANT_NAME') }}"}
    columns:
      - name: tenant_name
        data_tests:
          - accepted_values: {arguments: {values: ["{{ var('tenant_name') }}"]}}
sources:
  - name: raw
    schema: "raw_{{ env_var('TENANT_NAME') }}"
    tables: [{name: events}]
exposures:
  - name: board
    type: dashboard
    owner: {name: us}
    depends_on: [ref('named')]
""",
    "tests/three.sql": "select 1 from {{ ref('plain') }} having count(*) <> 3",
}


def programs():
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
    found = shutil.which("initdb")
    if found:
        folders.append(str(pathlib.Path(found).resolve().parent))
    for folder in reversed(folders):
        if os.path.exists(f"{folder}/initdb") and os.path.exists(f"{folder}/psql"):
            return pathlib.Path(folder)
    raise AssertionError("PostgreSQL is not installed")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One PostgreSQL, run by an account that may run it."""

    def __init__(self, folder, name, settings="", copy_of=None):
        self.folder, self.port = folder / name, free_port()
        self.folder.mkdir(mode=0o777)
        self.folder.chmod(0o777)
        self.data = self.folder / "data"
        if copy_of:
            self.call("pg_basebackup", "-D", self.data, "-R", "-X", "stream", "-h", "127.0.0.1", "-p", copy_of.port, "-U", "postgres")
        else:
            self.call("initdb", "-D", self.data, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C")
        with open(self.data / "postgresql.auto.conf", "a", encoding="utf-8") as file:
            file.write(f"port={self.port}\nfsync=off\nlisten_addresses='127.0.0.1'\nunix_socket_directories=''\n{settings}\n")
        self.start()

    def call(self, program, *arguments, check=True):
        command = [str(programs() / program), *map(str, arguments)]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        return subprocess.run(command, check=check, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")

    def start(self):
        self.call("pg_ctl", "-D", self.data, "-l", self.folder / "log", "-w", "-t", "60", "start")

    def stop(self, mode="immediate"):
        self.call("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop", check=False)

    def query(self, sql, database="postgres"):
        done = subprocess.run(
            [str(programs() / "psql"), "-XAtq", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", database, "-c", sql],
            capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def tenants(self):
        rows = self.query("select datname from pg_database where datname like '%\\_db' order by 1")
        return [row[: -len("_db")] for row in rows.splitlines()]


class World:
    """A folder for servers and projects, and how tenon is run."""

    def __init__(self, tenon):
        self.tenon = tenon
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tenon-fleet-"))
        self.folder.chmod(0o755)
        self.servers = []
        self.main = self.server("main", "max_connections=60")

    def server(self, name, settings="", copy_of=None):
        server = Server(self.folder, name, settings, copy_of)
        self.servers.append(server)
        return server

    def project(self, name, servers=None, files=None, extra="", **output):
        """A project of the files above, with a profile for the servers."""
        folder = self.folder / name
        for path, text in {**PROJECT, **(files or {})}.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
        if extra:
            with open(folder / "dbt_project.yml", "a", encoding="utf-8") as file:
                file.write(extra)
        fields = {"type": "postgres", "host": "127.0.0.1", "port": self.main.port, "user": "postgres", "password": "x",
                  "dbname": "{{ env_var('TENANT_NAME', 'postgres') }}_db", "schema": "public", "threads": 2, **output}
        if servers:
            fields["servers"] = servers
        profile = {"shop": {"target": "dev", "outputs": {"dev": fields}}}
        (folder / "profiles.yml").write_text(json.dumps(profile))
        return Project(self, folder)

    def close(self):
        for server in self.servers:
            server.stop()


class Project:
    def __init__(self, world, folder):
        self.world, self.folder = world, folder
        keep = {name: value for name, value in os.environ.items() if not re.match("PG|TENON|TENANT|DBT_", name)}
        self.environment = dict(keep, TENON_SERVER="external")

    def start(self, *arguments):
        return subprocess.Popen(
            [str(self.world.tenon), *arguments], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def run(self, *arguments, code=0):
        """Runs tenon, which must end with a code; gives what it said."""
        process = self.start(*arguments)
        said = process.communicate(timeout=600)[0]
        expect(process.returncode == code, f"tenon {' '.join(arguments)} ended with {process.returncode}, not {code}:\n{said[-3000:]}")
        return said

    def results(self):
        return {row["tenant"]: row for row in json.loads((self.folder / "target/fleet_results.json").read_text())["tenants"]}

    def drop(self, *names):
        for name in names:
            self.run("tenant", "drop", "--yes", name)


def expect(condition, text):
    assert condition, text


def plain_manifest(folder):
    """A run's manifest without what differs from one run to the next."""
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest.pop("metadata")

    def cleaned(value):
        if isinstance(value, dict):
            return {key: cleaned(item) for key, item in value.items() if key not in ("created_at",)}
        if isinstance(value, list):
            return [cleaned(item) for item in value]
        if isinstance(value, str):
            return value.replace(str(folder), "TARGET")
        return value

    return cleaned(manifest)


def check_fleet_artifacts_are_those_of_single_runs(world):
    project = world.project("equal")
    names = ["a", "b", "c", "d"]
    project.run("seed", "--tenants", ",".join(names), "--create")
    project.run("build", "--tenants", "a,b,c,d", "--fleet-threads", "2")
    for name in names:
        single = project.folder / "single" / name
        project.run("build", "--tenant", name, "--target-path", str(single), "--threads", "1")
        fleet = project.folder / "target" / "tenants" / name
        one, other = plain_manifest(fleet), plain_manifest(single)
        for section in other:
            for key in sorted(set(one[section]) | set(other[section])):
                left, right = one[section].get(key), other[section].get(key)
                expect(left == right, f"{name}: {section} {key} differs:\n{json.dumps(left)}\n{json.dumps(right)}")
        for kind in ("compiled", "run"):
            files = {path.relative_to(single) for path in (single / kind).rglob("*") if path.is_file()}
            expect(files == {path.relative_to(fleet) for path in (fleet / kind).rglob("*") if path.is_file()}, f"{name}: other files in {kind}")
            for path in files:
                expect((fleet / path).read_text() == (single / path).read_text(), f"{name}: {path} differs")
        statuses = [{row["unique_id"]: row["status"] for row in json.loads((at / "run_results.json").read_text())["results"]} for at in (fleet, single)]
        expect(statuses[0] == statuses[1], f"{name}: {statuses}")
    tags = {name: plain_manifest(project.folder / "target/tenants" / name)["nodes"]["model.shop.named"]["tags"] for name in names}
    expect(tags == {name: [name] for name in names}, f"{tags}")
    enabled = [name for name in names if "model.shop.only_a" in plain_manifest(project.folder / "target/tenants" / name)["nodes"]]
    expect(enabled == ["a"], f"only_a is enabled for {enabled}")
    expect(world.main.query("select table_type from information_schema.tables where table_name = 'switched'", "b_db") == "BASE TABLE", "switched of b")
    project.drop(*names)


def check_show_and_operations_for_a_fleet(world):
    project = world.project("operations")
    project.run("build", "--tenants", "o1,o2", "--create")
    said = project.run("run-operation", "answer", "--args", "{number: 21}", "--tenants", "o1,o2")
    for name in ("o1", "o2"):
        expect(f"answer 42 for {name}" in said, said)
    said = project.run("show", "--inline", "select '{{ var('tenant_name') }}' as who", "--tenants", "o*")
    expect("| o1" in said and "| o2" in said, said)
    said = project.run("seed", "--tenants", "o1", "--canary", "1")
    expect("| o1" in said, said)
    said = project.run("run", "--canary", "2", code=2)
    expect("--tenants" in said, said)
    project.drop("o1", "o2")


def check_connections_stay_below_the_limits(world):
    small = world.server("small", "max_connections=12\nsuperuser_reserved_connections=2")
    project = world.project("limits", port=small.port)
    names = [f"l{i}" for i in range(8)]
    most, stop = [0], threading.Event()

    def watch():
        while not stop.is_set():
            try:
                count = int(small.query("select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()"))
                most[0] = max(most[0], count)
            except AssertionError:
                pass
            time.sleep(0.02)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        project.run("build", "--tenants", ",".join(names), "--create", "--fleet-threads", "64")
        created = most[0]
        most[0] = 0
        project.run("build", "--tenants", "all", "--fleet-threads", "3")
        three = most[0]
        most[0] = 0
        project.run("build", "--tenants", "all", "--fleet-threads", "64", "--threads", "3")
    finally:
        stop.set()
        watcher.join()
    expect(created <= 10 and most[0] <= 10, f"{created} and {most[0]} connections to a server with 10 to give")
    expect(three <= 4, f"{three} connections with --fleet-threads 3 (and one for the records)")
    expect(small.tenants() == names, f"{small.tenants()}")
    small.stop()


def check_memory_is_that_of_the_tenants_under_way(world):
    model = "select '{{ var('tenant_name') }}' as x"
    project = world.project("memory", files={f"models/more{i}.sql": model for i in range(150)})
    peaks = []
    for count in (6, 36):
        names = ",".join(f"m{i}" for i in range(count))
        process = project.start("seed", "--tenants", names, "--create", "--fleet-threads", "2", "--quiet")
        process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = status
        expect(status == 0, f"seed ended with {status}")
        peaks.append(usage.ru_maxrss / 1024)
    expect(peaks[1] - peaks[0] < 10, f"6 tenants took {peaks[0]:.0f} MB, 36 took {peaks[1]:.0f}")


def check_failures_stop_nobody_else_unless_asked(world):
    project = world.project("failures", files={"models/picky.sql": "select 1 / {{ 0 if var('tenant_name') == 'f1' else 1 }} as x"})
    project.run("seed", "--tenants", "f0,f1,f2,f3,f4,f5", "--create")
    command = ["run", "--tenants", "f*", "--fleet-threads", "1"]
    switch = ("{{ config(materialized='table') }} select 1 / {{ 0 if var('tenant_name') == 'f1' else 1 }} as x")
    (project.folder / "models/picky.sql").write_text(switch)
    said = project.run(*command, code=1)
    rows = project.results()
    expect([name for name in rows if rows[name]["status"] != "success"] == ["f1"], f"{rows}")
    expect(rows["f1"]["error"] == 1 and "division by zero" in said, said[-2000:])
    project.run(*command, "--fleet-fail-fast", code=1)
    rows = project.results()
    expect(rows["f0"]["status"] == "success" and rows["f1"]["status"] == "error", f"{rows}")
    expect({rows[name]["status"] for name in ("f2", "f3", "f4", "f5")} == {"not_run"}, f"{rows}")
    project.run(*command, "--canary", "2", code=1)
    rows = project.results()
    expect({rows[name]["status"] for name in ("f2", "f3", "f4", "f5")} == {"not_run"}, f"{rows}")
    project.run("run", "--tenants", "f0,f2,f1,f3", "--canary", "2", "--fleet-threads", "1", code=1)
    rows = project.results()
    expect(rows["f3"]["status"] == "success", f"{rows}")
    project.drop("f0", "f1", "f2", "f3", "f4", "f5")


def check_fail_fast_cancels_tenants_under_way(world):
    slow = {f"models/slow{i}.sql": "{{ config(materialized='table') }} select pg_sleep(1.5)::text as x" for i in range(3)}
    broken = {"models/broken.sql": "select 1 / {{ 0 if var('tenant_name') == 'q1' else 1 }} as x from (select pg_sleep(0.6)) as s",
              "models/after.sql": "select * from {{ ref('broken') }}"}
    broken["models/broken.sql"] = "{{ config(materialized='table') }} " + broken["models/broken.sql"]
    project = world.project("cancelled", files={**slow, **broken})
    names = ["q0", "q1", "q2", "q3", "q4"]
    project.run("seed", "--tenants", ",".join(names), "--create")
    command = ["run", "--tenants", "q*", "--fleet-threads", "6", "--threads", "1", "--select", "slow* broken after"]
    began = time.monotonic()
    said = project.run(*command, "--fleet-threads", "3", "--fleet-fail-fast", code=1)
    rows = project.results()
    expect(rows["q1"]["status"] == "error" and rows["q1"]["error"] == 1, f"{rows}")
    expect({rows[name]["status"] for name in ("q0", "q2")} == {"cancelled"}, f"{rows}")
    expect({rows[name]["status"] for name in ("q3", "q4")} == {"not_run"}, f"{rows}")
    for name in ("q0", "q2"):
        expect(rows[name]["error"] == 0 and rows[name]["skipped"] >= 3, f"{name}: {rows[name]}")
        expect(rows[name]["success"] + rows[name]["skipped"] == 6, f"{name}: {rows[name]}")
    expect("CANCELLED" in said and time.monotonic() - began < 6, said[-2000:])
    done = runs_of(project.folder)
    broken["models/broken.sql"] = "{{ config(materialized='table') }} select 1 as x"
    (project.folder / "models/broken.sql").write_text(broken["models/broken.sql"])
    project.run(*command, "--resume")
    rows = project.results()
    expect({row["status"] for row in rows.values()} == {"success"} and rows["q0"]["success"] == 6, f"{rows}")
    for name in names:
        # The whole run, whatever part of it was done when.
        results = json.loads((project.folder / "target/tenants" / name / "run_results.json").read_text())["results"]
        expect(sorted(row["unique_id"].split(".")[-1] for row in results if row["unique_id"].startswith("model.")) == ["after", "broken", "slow0", "slow1", "slow2"], f"{name}: {results}")
        expect({row["status"] for row in results} == {"success"} and all(row["execution_time"] > 0 and len(row["timing"]) == 2 for row in results if row["unique_id"].startswith("model.")), f"{results}")
        expect(len(results) == 6 and len({tuple(sorted(row)) for row in results}) == 1, f"{name}: {results}")
    expect(all(runs_of(project.folder)[key] >= count for key, count in done.items()), "a log was lost")
    project.drop(*names)


def runs_of(folder):
    """For every tenant and node, how often it was begun, from the tenants' logs."""
    counts = {}
    for log in folder.glob("target/tenants/*/dbt.log"):
        for node in re.findall(r"Finished running node (\S+)", log.read_text()):
            counts[(log.parent.name, node)] = counts.get((log.parent.name, node), 0) + 1
    return counts


def check_killed_runs_are_resumed(world):
    slow = {f"models/slow{i}.sql": "{{ config(materialized='table') }} select pg_sleep(0.05)::text as x" for i in range(6)}
    project = world.project("killed", files=slow)
    names = [f"k{i}" for i in range(8)]
    command = ["build", "--tenants", ",".join(names), "--create", "--fleet-threads", "3"]
    random.seed(20)
    kills = 0
    resumed = []
    for _ in range(12):
        process = project.start(*command, *resumed)
        try:
            process.wait(timeout=random.uniform(0.2, 1.2))
            if process.returncode == 0:
                break
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills += 1
        resumed = ["--resume"]
    said = project.run(*command, "--resume")
    expect(kills > 0, "nothing was killed")
    expect({row["status"] for row in project.results().values()} == {"success"}, said[-2000:])
    for name in names:
        expect(world.main.query("select count(*) from public.words", f"{name}_db") == "3", name)
        for i in range(6):
            expect(world.main.query(f"select count(*) from public.slow{i}", f"{name}_db") == "1", f"{name} slow{i}")
    repeated = sum(count - 1 for count in runs_of(project.folder).values())
    # At a kill, what three workers had just ended may not have been noted down.
    expect(repeated <= 3 * kills, f"{repeated} nodes ran again after {kills} kills")
    before = runs_of(project.folder)
    project.run(*command, "--resume")
    expect(runs_of(project.folder) == before, "a run that was done ran again")
    expect("another command" in project.run("run", "--tenants", "k1", "--resume", code=2), "another command was resumed")
    project.drop(*names)


def check_several_servers_one_killed(world):
    first, second, third = world.server("first"), world.server("second"), world.server("third")
    # Every tenant takes two seconds and more, so that none is done when its server goes.
    slow = {f"models/slow{i}.sql": "{{ config(materialized='table') }} select pg_sleep(0.3)::text as x" for i in range(8)}
    servers = [
        {"name": "east", "port": first.port, "tenants": ["e*"]},
        {"name": "north", "port": third.port, "tenants": ["n*"]},
        {"name": "west", "port": second.port, "tenants": ["w*"]},
    ]
    project = world.project("servers", servers=servers, files=slow)
    names = [f"e{i}" for i in range(3)] + ["n0"] + [f"w{i}" for i in range(4)]
    project.run("seed", "--tenants", ",".join(names), "--create")
    placed = first.tenants(), third.tenants(), second.tenants()
    expect(placed == (names[:3], names[3:4], names[4:]), f"{placed}")
    # A tenant stays where its database is, whatever patterns say later.
    profile = json.loads((project.folder / "profiles.yml").read_text())
    profile["shop"]["outputs"]["dev"]["servers"][0]["tenants"] = ["w*"]
    (project.folder / "profiles.yml").write_text(json.dumps(profile))
    project.run("run", "--tenant", "w1", "--select", "plain")
    project.run("run", "--tenants", "e1,w1", "--select", "plain")
    expect({name: row["server"] for name, row in project.results().items()} == {"e1": "east", "w1": "west"}, f"{project.results()}")
    shown = project.run("tenant", "list")
    expect("east" in shown and "w3" in shown, shown)
    expect("e2_db" in project.run("tenant", "info", "e2"), "info")

    process = project.start("build", "--tenants", "all", "--fleet-threads", "4")
    time.sleep(1.0)
    second.stop()
    said = process.communicate(timeout=120)[0]
    expect(process.returncode == 1, said[-3000:])
    rows = project.results()
    expect({rows[name]["status"] for name in names[:4]} == {"success"}, f"{rows}\n{said[-3000:]}")
    expect({rows[name]["status"] for name in names[4:]} <= {"error", "unreachable"}, f"{rows}")
    second.start()
    project.run("build", "--tenants", "all", "--fleet-threads", "4", "--resume")
    expect({row["status"] for row in project.results().values()} == {"success"}, f"{project.results()}")
    for server in first, second, third:
        server.stop()


def check_a_promoted_replica(world):
    primary = world.server("primary", "wal_level=replica\nmax_wal_senders=4")
    replica = world.server("replica", copy_of=primary)
    slow = {f"models/slow{i}.sql": "{{ config(materialized='table') }} select pg_sleep(0.1)::text as x" for i in range(6)}
    hosts = {"host": f"127.0.0.1:{primary.port},127.0.0.1:{replica.port}", "target_session_attrs": "read-write"}
    project = world.project("promoted", files=slow, **hosts)
    names = [f"p{i}" for i in range(6)]
    project.run("seed", "--tenants", ",".join(names), "--create")
    deadline = time.monotonic() + 30
    while replica.tenants() != names and time.monotonic() < deadline:
        time.sleep(0.2)
    process = project.start("build", "--tenants", "all", "--fleet-threads", "2")
    time.sleep(1.0)
    primary.stop()
    replica.call("pg_ctl", "-D", replica.data, "-w", "promote")
    said = process.communicate(timeout=180)[0]
    rows = project.results()
    expect(process.returncode == 0 and {row["status"] for row in rows.values()} == {"success"}, f"{rows}\n{said[-4000:]}")
    for name in names:
        expect(replica.query("select count(*) from public.slow5", f"{name}_db") == "1", name)
    replica.stop()


def check_through_a_pooler_in_transaction_mode(world):
    pgbouncer = shutil.which("pgbouncer") or ("/usr/sbin/pgbouncer" if os.path.exists("/usr/sbin/pgbouncer") else None)
    if not pgbouncer:
        expect("CI" not in os.environ, "pgbouncer is not installed, and CI tests everything: CI=true scripts/setup.sh installs it")
        print("     pgbouncer is not installed: skipped")
        return
    folder = world.folder / "pooler"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    port = free_port()
    (folder / "users.txt").write_text('"postgres" "x"\n')
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\n* = host=127.0.0.1 port={world.main.port} user=postgres\n[pgbouncer]\nlisten_addr=127.0.0.1\n"
        f"listen_port={port}\nauth_type=any\nauth_file={folder}/users.txt\npool_mode=transaction\nunix_socket_dir=\n"
        f"default_pool_size=3\nmax_client_conn=200\nlogfile={folder}/log\npidfile={folder}/pid\n")
    command = [pgbouncer, str(folder / "pgbouncer.ini")]
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
    try:
        time.sleep(1)
        project = world.project("pooled", port=port)
        names = [f"b{i}" for i in range(4)]
        project.run("build", "--tenants", ",".join(names), "--create", "--fleet-threads", "4")
        project.run("build", "--tenants", "b*", "--fleet-threads", "4", "--threads", "2")
        expect({row["status"] for row in project.results().values()} == {"success"}, f"{project.results()}")
        pooled = world.project("pooled_role", port=port, role="pg_monitor")
        said = pooled.run("run", "--tenant", "b1", code=2)
        expect("pooler" in said and "role" in said, said[-2000:])
        pooled = world.project("pooled_path", port=port, search_path="public")
        said = pooled.run("run", "--tenant", "b1", code=2)
        expect("pooler" in said and "search_path" in said, said[-2000:])
        direct = world.project("direct")
        direct.drop(*names)
    finally:
        process.terminate()
        process.wait()


def check_a_tenants_own_role_holds_its_runs(world):
    """What models, hooks and macros of one tenant may try to see or change another's."""
    strict = world.server("strict", "password_encryption='scram-sha-256'")
    strict.query("alter role postgres password 'master'")
    hba = strict.data / "pg_hba.conf"
    hba.write_text("host all all 127.0.0.1/32 scram-sha-256\n")
    strict.query("select pg_reload_conf()")
    os.environ["PGPASSWORD"] = "master"
    try:
        project = world.project("attacks", port=strict.port, password="master")
        project.run("tenant", "create", "victim", "--with-role")
        project.run("tenant", "create", "thief")
        # Built by the profile's user first: what is there is handed over to the role.
        project.run("build", "--tenant", "victim")
        project.run("build", "--tenant", "thief")
        expect("as far as its SQL can be trusted" in project.run("tenant", "check", "thief"), "no warning of a shared login")
        project.run("tenant", "create", "thief", "--with-role")
        strict.query("create table public.secret as select 'the crown jewels' as jewels", "victim_db")
        expect(project.run("tenant", "check", "thief").strip().endswith("Tenant thief is isolated"), "check")
        project.run("build", "--tenants", "thief,victim")
        owners = strict.query("select distinct pg_get_userbyid(relowner) from pg_class c join pg_namespace n on n.oid = relnamespace where relkind in ('r','v') and nspname !~ '^pg_' and nspname <> 'information_schema'", "thief_db")
        expect(owners == "thief_db_role", f"the runs were done as {owners}")
        here = f"host=127.0.0.1 port={strict.port} dbname=victim_db user=postgres password=master"
        attacks = [
            "select * from victim_db.public.secret", "create extension dblink", "create extension postgres_fdw", "create extension file_fdw",
            f"select * from dblink('{here}', 'select jewels from secret') as t (jewels text)", "reset role; select 1/0 from pg_authid",
            "set role postgres", "set role victim_db_role", "set session authorization postgres", "set session authorization victim_db_role",
            "reset session authorization; select * from pg_authid", "alter database victim_db rename to thief2_db", "drop database victim_db",
            "alter database victim_db owner to current_user", "comment on database victim_db is 'mine'", "comment on database thief_db is 'mine'",
            "grant connect on database victim_db to thief_db_role", "alter role thief_db_role superuser", "grant victim_db_role to thief_db_role",
            "grant pg_read_all_data to thief_db_role", "copy (select 1) to program 'true'", "create temp table t (x text); copy t from program 'id'",
            "create temp table t (x text); copy t from '/etc/passwd'", "copy (select 1) to '/tmp/tenon-stolen'", "select pg_read_file('PG_VERSION')",
            "select pg_ls_dir('.')", "select lo_import('/etc/passwd')", "select lo_export(lo_create(0), '/tmp/tenon-stolen')",
            "select * from pg_authid", "alter system set log_statement = 'all'", "select pg_reload_conf()", "load '/tmp/x.so'",
            "create function f() returns int language plpython3u as $$ return 1 $$", "create function f() returns int language c as 'libc', 'system'",
            "do $$ begin execute 're' || 'set role'; execute 'alter role thief_db_role superuser'; end $$",
            "create function f() returns void language plpgsql security definer as $$ begin alter role thief_db_role superuser; end $$; select f()",
            "\\connect victim_db", "select 1; \\c victim_db postgres", "create subscription s connection 'dbname=victim_db' publication p",
            "create event trigger e on ddl_command_start execute function f()", "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'postgres'; select 1/0",
            "alter database thief_db set session_preload_libraries = 'x'", "create database thief3_db", "create role helper",
        ]
        for number, attack in enumerate(attacks):
            (project.folder / f"models/attack_{number}.sql").write_text(
                "{{ config(materialized='table', pre_hook=var('attacks', ['']*99)[" + str(number) + "]) }} select 1 as x")
        said = project.run("run", "--tenant", "thief", "--select", "attack_*", "--vars", json.dumps({"attacks": attacks}), code=1)
        results = json.loads((project.folder / "target/run_results.json").read_text())["results"]
        succeeded = [attacks[int(row["unique_id"].split("_")[-1])] for row in results if "attack_" in row["unique_id"] and row["status"] != "error"]
        expect(not succeeded and len(results) > len(attacks), f"attacks that succeeded: {succeeded}")
        expect("crown jewels" not in said, said)
        for path in (project.folder / "models").glob("attack_*"):
            path.unlink()
        # By a macro, in the fleet too; what a profile, a var or the environment says of another tenant is refused.
        (project.folder / "macros/steal.sql").write_text(
            "{% macro steal(sql) %}{% set rows = run_query(sql) %}{{ print(rows.columns[0].values() | list) }}{% endmacro %}")
        said = project.run("run-operation", "steal", "--args", json.dumps({"sql": "select current_database() || session_user"}), "--tenants", "thief,victim")
        expect("thief_dbthief_db_role" in said and "victim_dbvictim_db_role" in said, said)
        said = project.run("run-operation", "steal", "--args", json.dumps({"sql": "select rolpassword from pg_authid"}), "--tenant", "thief", code=1)
        expect("permission denied" in said, said)
        said = project.run("run", "--tenant", "thief", "--vars", "{tenant_name: victim}", code=2)
        expect("--vars say tenant_name: victim" in said, said)
        environment = project.environment
        project.environment = dict(environment, TENANT_NAME="thief")
        said = project.run("show", "--inline", "select session_user as u")
        expect("thief_db_role" in said, f"a run that names its tenant in the environment alone:\n{said}")
        wrong = world.project("wrong_profile", port=strict.port, password="master", dbname="victim_db")
        for arguments in (["--tenant", "thief"], []):
            wrong.environment = project.environment
            said = wrong.run("run", *arguments, "--select", "plain", code=2)
            expect("Stopped before anything was written" in said or "has 'thief_db'" in said, said)
        project.environment = environment
        # The key may be another than the profile's password; both give roles that nobody else can log in as.
        said = project.run("show", "--inline", "{{ env_var('DBT_ENV_SECRET_TENANT_ROLES', 'none') }}", "--tenant", "thief", code=2)
        project.environment = dict(environment, DBT_ENV_SECRET_TENANT_ROLES="another key")
        said = project.run("run", "--tenant", "thief", "--select", "plain", code=2)
        expect("tenant create --with-role thief" in said, said)
        for name in ("thief", "victim"):
            project.run("tenant", "create", name, "--with-role")
        project.run("run", "--tenant", "thief", "--select", "plain")
        said = project.run("tenant", "rename", "thief", "burglar")
        project.run("build", "--tenant", "burglar")
        project.run("tenant", "export", "burglar", "--file", "b.dump")
        project.run("tenant", "import", "burglar", "b.dump", "--replace")
        project.run("build", "--tenant", "burglar")
        expect("burglar is isolated" in project.run("tenant", "check", "burglar"), "burglar")
        said = project.run("tenant", "check", "--tenants", "all", "--output", "json")
        expect('"role-login"' not in said and json.loads(said[said.index("["):]) == [], said)
        project.drop("burglar")
        expect(strict.query("select count(*) from pg_roles where rolname ~ 'thief|burglar'") == "0", "a role was left")
        roles = world.project("roles", port=strict.port, password="master", extra="  tenancy: {roles: true, schemas: [one, two]}\n")
        roles.run("build", "--tenants", "r1,r2", "--create")
        expect(strict.query("select count(*) from pg_roles where rolname ~ '^r[12]_db_role$' and rolcanlogin") == "2", "roles: true")
        expect("one, public, two" in roles.run("tenant", "list"), "schemas as a list")
    finally:
        del os.environ["PGPASSWORD"]
        strict.stop()


def check_a_tenants_life(world):
    project = world.project("life")
    project.run("build", "--tenants", "acme,globex", "--create")
    said = project.run("tenant", "diff", "acme", "globex")
    expect("do not differ" in said, f"two equal tenants differ:\n{said}")
    special = "select {{ 2 if var('tenant_name') == 'globex' else 1 }} as n"
    (project.folder / "models" / "special.sql").write_text(special)
    project.run("run", "--tenants", "acme,globex", "--select", "special")
    said = project.run("tenant", "diff", "acme", "globex")
    expect("compiled-sql" in said and "select 2 as n" in said, said)
    world.main.query("delete from public.words where id = 3", "globex_db")
    said = project.run("tenant", "diff", "acme", "globex")
    expect("words" in said and "| 3" in said and "| 2" in said, said)
    project.run("tenant", "export", "acme", "--file", "acme.dump")
    project.run("tenant", "import", "initech", "acme.dump")
    expect(world.main.query("select count(*) from public.words", "initech_db") == "3", "initech was not filled")
    project.run("tenant", "rename", "initech", "Four-4")
    expect("initech" not in world.main.tenants() and "Four-4" in world.main.tenants(), f"{world.main.tenants()}")
    project.run("build", "--tenant", "Four-4")
    for name in ("acme", "globex", "Four-4"):
        expect("is isolated" in project.run("tenant", "check", name), name)
    world.main.query("grant connect on database acme_db to public")
    expect("error" in project.run("tenant", "check", "acme", code=1), "the audit missed an open door")
    project.drop("acme", "globex", "Four-4")
    expect("there is no database" in project.run("tenant", "drop", "--yes", "acme"), "a second drop")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tenon", type=pathlib.Path, default=TOP / ".build" / "release" / "tenon")
    parser.add_argument("--only", default="", help="the checks with this word in their names")
    parser.add_argument("--keep", action="store_true", help="leave the temporary folder")
    options = parser.parse_args()
    world = World(options.tenon.resolve())
    passed = failed = 0
    try:
        for name, check in list(globals().items()):
            if not name.startswith("check_") or options.only not in name:
                continue
            began = time.monotonic()
            try:
                check(world)
                passed += 1
                print(f"ok   {name[6:].replace('_', ' ')} ({time.monotonic() - began:.1f} s)", flush=True)
            except Exception:  # pylint: disable=broad-except
                failed += 1
                print(f"FAIL {name[6:].replace('_', ' ')}\n{traceback.format_exc()}", flush=True)
    finally:
        world.close()
        if options.keep:
            print(f"kept: {world.folder}")
        else:
            shutil.rmtree(world.folder, ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
