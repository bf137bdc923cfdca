#!/usr/bin/env python3
"""Time tenon and dbt on the same work in one run, and print a table.

usage: run.py [--tenon EXE] [--dbt EXE] [--models 1000,5000] [--runs 3] [--markdown]
              [--only startup,parse,compile,run,seed]

environment: BENCH_TENON, BENCH_DBT (default: .build/release/tenon and dbt); PGHOST and friends for the server, where
the database `bench` is dropped and made.

Each figure is a whole process as the operating system accounts for it: wall time, CPU time of its threads, peak
memory; the median of the runs, the two programs taking turns so that a busy moment hits both. dbt parses with
--no-partial-parse, as tenon always reads everything.
"""

import argparse
import os
import pathlib
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent
RUN_MODELS = 200
SEED_ROWS = 100_000


def measure(command, folder, environment):
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            said.seek(0)
            text = said.read().decode(errors="replace")[-3000:]
            raise RuntimeError(f"{shlex.join(command)} ended with {process.returncode} in {folder}:\n{text}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def psql(database, sql):
    subprocess.run(
        ["psql", "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", database, "--command", sql],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def fresh_database():
    psql("postgres", "drop database if exists bench with (force)")
    psql("postgres", "create database bench")


class Bench:
    def __init__(self, options):
        self.programs = {}
        if options.tenon:
            self.programs["tenon"] = shlex.split(options.tenon)
        if options.dbt:
            self.programs["dbt"] = shlex.split(options.dbt)
        self.runs = options.runs
        self.markdown = options.markdown
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bench-"))
        self.environment = dict(os.environ, DBT_SEND_ANONYMOUS_USAGE_STATS="false", NO_COLOR="1", TENON_SERVER="external")
        self.projects = {}

    def project(self, models, rows=100):
        key = (models, rows)
        if key not in self.projects:
            folder = self.folder / f"p{models}-{rows}"
            subprocess.run(
                [sys.executable, str(HERE / "make_project.py"), str(folder), "--models", str(models), "--rows", str(rows)],
                check=True)
            self.projects[key] = folder
        return self.projects[key]

    def head(self):
        columns = ["work", "program", "wall s", "CPU s", "peak MB", "times faster", "of the CPU", "of the memory"]
        if self.markdown:
            print("| " + " | ".join(columns) + " |")
            print("|" + "---|" * len(columns))
        else:
            print("{:<26}{:<8}{:>9}{:>9}{:>9}{:>14}{:>12}{:>15}".format(*columns))

    def case(self, name, arguments, folder, before=None):
        """Runs every program `runs` times, taking turns; prints a line for each."""
        samples = {program: [] for program in self.programs}
        for _ in range(self.runs):
            for program, command in self.programs.items():
                shutil.rmtree(folder / "target", ignore_errors=True)
                if before:
                    before()
                extra = ["--no-partial-parse"] if program == "dbt" and arguments != ["--version"] else []
                samples[program].append(measure(command + extra + arguments, folder, self.environment))
        medians = {program: [statistics.median(column) for column in zip(*rows)] for program, rows in samples.items()}
        for program, (wall, cpu, memory) in medians.items():
            ratios = ["", "", ""]
            if program == "tenon" and "dbt" in medians:
                other = medians["dbt"]
                ratios = [f"{other[0] / wall:.1f}", f"1/{other[1] / max(cpu, 1e-4):.0f}", f"1/{other[2] / memory:.1f}"]
            cells = [name, program, f"{wall:.3f}", f"{cpu:.3f}", f"{memory:.0f}"] + ratios
            if self.markdown:
                print("| " + " | ".join(cells) + " |", flush=True)
            else:
                print("{:<26}{:<8}{:>9}{:>9}{:>9}{:>14}{:>12}{:>15}".format(*cells), flush=True)


def main():
    parser = argparse.ArgumentParser(description="time tenon and dbt on the same work")
    parser.add_argument("--tenon", default=os.environ.get("BENCH_TENON", str(TOP / ".build/release/tenon")))
    parser.add_argument("--dbt", default=os.environ.get("BENCH_DBT", shutil.which("dbt") or ""))
    parser.add_argument("--models", default="1000", help="sizes of the projects for parse and compile")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default="startup,parse,compile,run,seed")
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    for name, value in {"PGHOST": "localhost", "PGPORT": "5432", "PGUSER": "postgres", "PGPASSWORD": "postgres"}.items():
        os.environ.setdefault(name, value)

    bench = Bench(options)
    only = options.only.split(",")
    sizes = [int(text) for text in options.models.split(",")]
    try:
        bench.head()
        if "startup" in only:
            bench.case("--version", ["--version"], bench.folder)
        if {"compile", "run", "seed"} & set(only):
            fresh_database()
        for size in sizes:
            if "parse" in only:
                bench.case(f"parse, {size} models", ["parse"], bench.project(size))
            if "compile" in only:
                bench.case(f"compile, {size} models", ["compile"], bench.project(size))
        if "run" in only:
            small = bench.project(RUN_MODELS)

            def seeded():
                fresh_database()
                first = next(iter(bench.programs.values()))
                measure(first + ["seed"], small, bench.environment)

            bench.case(f"run, {RUN_MODELS} models", ["run"], small, before=seeded)
        if "seed" in only:
            bench.case(f"seed, 2 x {SEED_ROWS} rows", ["seed"], bench.project(1, SEED_ROWS), before=fresh_database)
    except RuntimeError as error:
        sys.exit(str(error))
    finally:
        shutil.rmtree(bench.folder, ignore_errors=True)


if __name__ == "__main__":
    main()
