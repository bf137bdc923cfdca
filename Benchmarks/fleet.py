#!/usr/bin/env python3
"""Make, seed, run and test many tenants of the reference project in one go, beside a shell loop of dbt over a few.

usage: fleet.py [--tenon EXE] [--dbt EXE] [--tenants 1000] [--loop 10] [--fleet-threads 8] [--strategy file_copy]
                [--keep] [--markdown]

environment: BENCH_TENON, BENCH_DBT (default: .build/release/tenon and dbt).

The server is this script's own, in a temporary folder, with fsync off (what is measured is the work, not the disk) and
room for the connections. `tenon build --tenants @file --create` makes each database, loads the seeds, builds the
models and the snapshot and runs all tests. The loop does the same by `createdb` and `dbt build`, one tenant after the
other, half of them before the fleet and half after it, so that a busy moment hits both. The databases are dropped with
the server.
"""

import argparse
import glob
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

TOP = pathlib.Path(__file__).resolve().parent.parent
PARTS = ["analyses", "data_tests", "macros", "models", "seeds", "snapshots", "dbt_project.yml", "profiles.yml"]


def programs():
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
    return pathlib.Path(folders[-1] if folders else pathlib.Path(shutil.which("initdb")).resolve().parent)


class Server:
    def __init__(self, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        folder.chmod(0o755)
        home = folder / "server"
        home.mkdir(mode=0o777)
        home.chmod(0o777)
        self.data = home / "data"
        self.call("initdb", "-D", self.data, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C")
        with open(self.data / "postgresql.auto.conf", "a", encoding="utf-8") as file:
            file.write(
                f"port={self.port}\nfsync=off\nfull_page_writes=off\nsynchronous_commit=off\nmax_connections=200\n"
                f"shared_buffers=512MB\nmax_wal_size=4GB\nautovacuum=off\nunix_socket_directories='{home}'\n")
        self.call("pg_ctl", "-D", self.data, "-l", home / "log", "-w", "-t", "60", "start")
        self.postmaster = int((self.data / "postmaster.pid").read_text().split()[0])
        self.environment = dict(
            os.environ, PGHOST=str(home), PGPORT=str(self.port), PGUSER="postgres", PGPASSWORD="postgres")

    def call(self, program, *arguments):
        command = [str(programs() / program), *map(str, arguments)]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")

    def query(self, sql):
        return subprocess.run(
            [str(programs() / "psql"), "-XAtqc", sql, "postgres"], env=self.environment, check=True,
            capture_output=True, text=True).stdout.strip()

    def cpu(self):
        """Seconds of all its processes so far."""
        def of(pid, fields):
            text = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            return sum(int(text[field - 3]) for field in fields) / os.sysconf("SC_CLK_TCK")
        total = of(self.postmaster, (14, 15, 16, 17))
        for path in glob.glob("/proc/[0-9]*/stat"):
            try:
                if int(pathlib.Path(path).read_text().rsplit(")", 1)[1].split()[1]) == self.postmaster:
                    total += of(path.split("/")[2], (14, 15))
            except OSError:
                pass
        return total

    def stop(self):
        self.call("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")


class Watch(threading.Thread):
    """The most connections there were at once."""

    def __init__(self, server):
        super().__init__()
        self.server, self.most, self.ended = server, 0, threading.Event()
        self.start()

    def run(self):
        count = ("select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()")
        while not self.ended.wait(0.2):
            self.most = max(self.most, int(self.server.query(count)))

    def stop(self):
        self.ended.set()
        self.join()
        return self.most


def measured(command, folder, environment):
    """Wall and CPU seconds and peak MB of one process; it must succeed."""
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            said.seek(0)
            raise RuntimeError(f"{command} ended with {process.returncode}:\n{said.read().decode(errors='replace')[-3000:]}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def loop(names, options, server, folder):
    """`createdb` and `dbt build` for each: wall, client CPU, server CPU for all together."""
    began, before, client = time.perf_counter(), server.cpu(), 0.0
    for name in names:
        subprocess.run([str(programs() / "createdb"), f"{name}_db"], env=server.environment, check=True)
        environment = dict(server.environment, TENANT_NAME=name, DBT_SEND_ANONYMOUS_USAGE_STATS="false")
        client += measured([options.dbt, "build", "--profiles-dir", "."], folder, environment)[1]
    return time.perf_counter() - began, client, server.cpu() - before


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tenon", default=os.environ.get("BENCH_TENON", str(TOP / ".build/release/tenon")))
    parser.add_argument("--dbt", default=os.environ.get("BENCH_DBT", "dbt"))
    parser.add_argument("--tenants", type=int, default=1000)
    parser.add_argument("--loop", type=int, default=10, help="tenants that dbt builds")
    parser.add_argument("--fleet-threads", type=int, default=8)
    parser.add_argument("--strategy", default="file_copy", help="how databases are copied: file_copy or wal_log")
    parser.add_argument("--keep", action="store_true", help="leave the folder")
    parser.add_argument("--markdown", action="store_true", help="the table alone")
    options = parser.parse_args()
    options.tenon = str(pathlib.Path(options.tenon).resolve())
    folder = pathlib.Path(tempfile.mkdtemp(prefix="tenon-bench-fleet-"))
    server = None
    try:
        server = Server(folder)
        project = folder / "project"
        project.mkdir()
        for part in PARTS:
            (shutil.copytree if (TOP / part).is_dir() else shutil.copy)(TOP / part, project / part)
        settings = project / "dbt_project.yml"
        settings.write_text(settings.read_text().replace("\nvars:\n", f"\nvars:\n  tenancy:\n    strategy: {options.strategy}\n", 1))
        names = [f"t{i:04}" for i in range(options.tenants)]
        (project / "tenants.txt").write_text("\n".join(names) + "\n")
        half = options.loop // 2
        walls = [loop([f"loop{i}" for i in range(half)], options, server, project)]
        watch, before = Watch(server), server.cpu()
        wall, cpu, memory = measured(
            [options.tenon, "build", "--tenants", "@tenants.txt", "--create", "--fleet-threads", str(options.fleet_threads), "--quiet"],
            project, dict(server.environment, TENON_SERVER="external"))
        served, most = server.cpu() - before, watch.stop()
        results = json.loads((project / "target/fleet_results.json").read_text())
        assert results["totals"]["success"] == options.tenants, results["totals"]
        walls.append(loop([f"loop{i}" for i in range(half, options.loop)], options, server, project))
        dbt = [sum(part) / options.loop for part in zip(*walls)]
        each = [wall / options.tenants, cpu / options.tenants, served / options.tenants]
        rows = [
            ("", "tenon, one fleet", "dbt, a loop"),
            ("tenants", options.tenants, options.loop),
            ("seconds for each tenant", f"{each[0]:.3f}", f"{dbt[0]:.2f}"),
            ("CPU seconds of the program for each", f"{each[1]:.3f}", f"{dbt[1]:.2f}"),
            ("CPU seconds of the server for each", f"{each[2]:.3f}", f"{dbt[2]:.2f}"),
            ("seconds for all", f"{wall:.1f}", f"{sum(part[0] for part in walls):.1f}"),
            ("peak memory of the program", f"{memory:.0f} MB", ""),
            ("connections at once, at most", most, ""),
            ("times faster for each tenant", f"{dbt[0] / each[0]:.0f}", "1"),
        ]
        for number, row in enumerate(rows):
            print("| " + " | ".join(map(str, row)) + " |")
            if number == 0:
                print("|---|---|---|")
    finally:
        if server:
            server.stop()
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
