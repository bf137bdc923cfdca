#!/usr/bin/env python3
"""Run every Makefile target and every command of the tenant guide, in a copy of the project with its own server.

usage: test_makefile.py [--tenon EXE] [--only WORD] [--keep]

The copy is plain files in a temporary folder with the built tenon in its place, so the run leaves nothing behind. A
check is a function below whose name starts with `check_`; they run in the order they stand in, as a user would go
on. The last line is `N passed, N failed`; the exit code is 0 when none failed.
"""

import argparse
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.request

TOP = pathlib.Path(__file__).resolve().parent.parent
PARTS = [
    "analyses", "data_tests", "docs", "macros", "models", "scripts", "seeds", "snapshots", "Sources", "Makefile",
    "Package.swift", "dbt_project.yml", "profiles.yml",
]
# What the guide promises. Targets that need TENANT are apart.
PLAIN = """help examples info version setup clean up down status tenant-a tenant-b tenant-clean db-status db-list-tenants
test-all demo quick-start dev-shell dev-logs dev-reset""".split()
WITH_TENANT = """tenant-run tenant-create tenant-create-and-run tenant-clean-dynamic analysis-basic analysis-dashboard
analysis-products analysis-all dbt-debug dbt-seed dbt-run dbt-test dbt-snapshot dbt-compile docs-generate docs-serve
db-connect db-tables db-schemas db-tenant-info db-create-schemas test-tenant test-analysis""".split()
INVALID = ["invalid name!", "a" * 51, "", "x'; drop database postgres; --", "日本", "a/b", "$(touch pwned)", "`touch pwned`", "a\nb", " "]


class Copy:
    """The project's copy, and how things are run in it."""

    def __init__(self, tenon):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tenon-make-"))
        # The server's account must get in; dates are kept, or make would build tenon again.
        self.folder.chmod(0o755)
        for part in PARTS:
            if (TOP / part).is_dir():
                shutil.copytree(TOP / part, self.folder / part, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(TOP / part, self.folder / part)
        place = self.folder / ".build" / "release"
        place.mkdir(parents=True)
        shutil.copy2(tenon, place / "tenon")
        os.utime(place / "tenon")
        keep = {name: value for name, value in os.environ.items() if not re.match("PG|TENON|TENANT|DBT_|MAKE|MFLAGS", name)}
        self.environment = dict(keep, TENON_SERVER="local")

    def run(self, *command, stdin="", timeout=600, **environment):
        return subprocess.run(
            command, cwd=self.folder, env={**self.environment, **environment}, input=stdin, capture_output=True,
            text=True, timeout=timeout, check=False)

    def make(self, *arguments, **options):
        """Runs a target that must succeed; gives what it printed."""
        done = self.run("make", *arguments, **options)
        assert done.returncode == 0, f"make {' '.join(arguments)} ended with {done.returncode}:\n{tail(done)}"
        return done.stdout

    def remove(self):
        self.run("make", "clean")
        shutil.rmtree(self.folder, ignore_errors=True)


def tail(done):
    return (done.stdout + done.stderr)[-3000:]


def blocks(path):
    return re.findall(r"^```sh\n(.*?)^```$", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def without_comments(text):
    return [re.sub(r"\s+#.*", "", line).strip() for line in text.splitlines()]


def expect(condition, text):
    assert condition, text


def check_help_lists_every_target(copy):
    shown = copy.make("help")
    listed = set(re.findall(r"^  ([a-z-]+) ", shown, re.MULTILINE))
    missing = [name for name in PLAIN + WITH_TENANT if name not in listed]
    expect(not missing, f"make help does not list {missing}")
    expect(copy.make() == shown, "make alone is not make help")
    for line in re.findall(r"^  [a-z-]+ .*", shown, re.MULTILINE):
        expect(re.search("[\u3040-\u30ff\u4e00-\u9fff]|tenon", line), f"no Japanese text: {line}")


def check_information(copy):
    expect("make quick-start" in copy.make("examples"), "examples")
    expect(re.search(r"\d+\.\d+", copy.make("version")), "version")
    copy.make("setup")


def check_names_are_refused_before_anything_happens(copy):
    for target in WITH_TENANT:
        for name in [None] + (INVALID if target == "tenant-create" else INVALID[:2]):
            done = copy.run("make", target, *([] if name is None else [f"TENANT={name}"]))
            expect(done.returncode != 0, f"make {target} TENANT={name!r} was accepted")
            expect(f"make {target} TENANT=my_company" in done.stderr, f"make {target}: no example of a right call:\n{tail(done)}")
    expect(copy.run("make", "quick-start", "TENANT=no good").returncode != 0, "quick-start took an invalid name")
    expect(not (copy.folder / "pwned").exists(), "a tenant's name was executed")
    expect(not (copy.folder / ".tenon").exists(), "something was made for an invalid name")


def check_unknown_server_kind(copy):
    done = copy.run("make", "up", TENON_SERVER="cloud")
    expect(done.returncode != 0 and "docker, local and external" in done.stderr, tail(done))


def check_the_image_gets_all_sources(_):
    image = (TOP / "Dockerfile").read_text()
    for folder in ("Sources", "Tests", "Plugins"):
        expect(any((TOP / folder).rglob("*.swift")), folder)
        expect(f"COPY {folder} {folder}\n" in image, f"the image is built without {folder}/")


def check_quick_start(copy):
    shown = copy.make("quick-start")
    expect("accounts" in shown and "300" in shown, f"no analysis in:\n{shown[-2000:]}")
    began = time.monotonic()
    again = copy.make("quick-start")
    expect("accounts" in again, again[-2000:])
    print(f"     second quick-start: {time.monotonic() - began:.1f} s")


def check_server(copy):
    for _ in range(2):
        copy.make("up")
    copy.make("status")
    copy.make("dev-logs")
    copy.make("info")
    for _ in range(2):
        copy.make("down")
    copy.make("up")


def check_predefined_tenants(copy):
    copy.make("tenant-a")
    copy.make("tenant-b")
    shown = copy.make("db-list-tenants")
    expect("tenant_a" in shown and "tenant_b" in shown, shown)


def check_dynamic_tenants(copy):
    for name in ("my_company", "My-Company_2", "a" * 50, "-dash", "007"):
        shown = copy.make("tenant-create-and-run", f"TENANT={name}")
        expect(f"{name}_db" in shown and f"{name}-data-lake" in shown, f"the settings are not shown:\n{shown[-3000:]}")
        copy.make("tenant-create", f"TENANT={name}")
        rows = copy.make(
            "db-connect", f"TENANT={name}",
            stdin="select distinct tenant_name, source_s3_bucket from public_public.stg_customers_tenant;\n")
        expect(name in rows and f"{name}-data-lake" in rows and "(1 row)" in rows, rows)
    # Not a tenant, whatever its name ends in.
    copy.make("db-connect", "TENANT=my_company", stdin="create database stray_db;\n")
    expect("stray" not in copy.make("db-list-tenants"), "db-list-tenants shows what is no tenant")


def check_dbt_targets(copy):
    for target in ("dbt-debug", "dbt-seed", "dbt-run", "dbt-snapshot", "dbt-test", "dbt-compile", "docs-generate"):
        for _ in range(2):
            copy.make(target, "TENANT=my_company")
    for path in ("target/manifest.json", "target/run_results.json", "target/catalog.json", "target/index.html"):
        expect((copy.folder / path).exists(), f"{path} is missing")
    expect(any((copy.folder / "target" / "compiled").rglob("*.sql")), "nothing compiled")


def check_analyses(copy):
    expect("accounts" in copy.make("analysis-basic", "TENANT=my_company"), "basic")
    expect("2024-01" in copy.make("analysis-dashboard", "TENANT=my_company"), "dashboard")
    expect("南部鉄器" in copy.make("analysis-products", "TENANT=my_company"), "products")
    shown = copy.make("analysis-all", "TENANT=my_company")
    expect("s3://my_company-data-lake/ecommerce-data/orders/" in shown and "returning" in shown, shown[-3000:])
    copy.make("test-analysis", "TENANT=my_company")


def check_database_targets(copy):
    expect("my_company_db" in copy.make("db-status"), "db-status")
    expect("fact_orders" in copy.make("db-tables", "TENANT=my_company"), "db-tables")
    expect("public_public" in copy.make("db-schemas", "TENANT=my_company"), "db-schemas")
    expect("my_company-data-lake" in copy.make("db-tenant-info", "TENANT=my_company"), "db-tenant-info")
    copy.make("db-connect", "TENANT=my_company", stdin="drop schema if exists staging cascade;\n")
    copy.make("db-create-schemas", "TENANT=my_company")
    expect("staging" in copy.make("db-schemas", "TENANT=my_company"), "db-create-schemas did not make staging")


def check_dev_shell(copy):
    shown = copy.make(
        "dev-shell", "TENANT=my_company", SHELL="/bin/bash",
        stdin="echo name=$TENANT_NAME; command -v tenon; psql -Atc 'select current_database()'\n")
    expect("name=my_company" in shown and "/tenon" in shown and "\nmy_company_db\n" in shown, shown)


def check_docs_serve(copy):
    process = subprocess.Popen(
        ["make", "docs-serve", "TENANT=my_company"], cwd=copy.folder, env=copy.environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        for _ in range(100):
            time.sleep(0.1)
            try:
                with urllib.request.urlopen("http://127.0.0.1:8080/manifest.json", timeout=2) as answer:
                    expect(answer.status == 200, "status")
                    break
            except OSError:
                expect(process.poll() is None, f"docs-serve ended: {process.stdout.read() if process.poll() is not None else ''}")
        else:
            raise AssertionError("nothing answers on port 8080")
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=20)


def check_test_targets(copy):
    copy.make("test-tenant", "TENANT=my_company")
    copy.make("test-all")
    copy.make("demo")


def check_wrappers(copy):
    for command in (["scripts/create_dynamic_tenant.sh", "wrapped"], ["scripts/run_tenant.sh", "wrapped"],
                    ["scripts/run_analysis.sh", "wrapped"], ["scripts/run_analysis.sh", "wrapped", "all"]):
        done = copy.run(*command)
        expect(done.returncode == 0, f"{command}:\n{tail(done)}")
    for command in (["scripts/create_dynamic_tenant.sh", "no good"], ["scripts/run_tenant.sh"],
                    ["scripts/run_analysis.sh", "no;good"], ["scripts/run_analysis.sh", "wrapped", "nonsense"]):
        expect(copy.run(*command).returncode != 0, f"{command} was accepted")


def check_external_server(copy):
    done = copy.run("bash", "-c", ". scripts/lib.sh; use_server_for_clients; echo $PGHOST $PGPORT")
    host, port = done.stdout.split()
    outside = {"TENON_SERVER": "external", "PGHOST": host, "PGPORT": port}
    copy.make("status", **outside)
    copy.make("tenant-run", "TENANT=outsider", **outside)
    expect("outsider_db" in copy.make("db-status", **outside), "external")
    copy.make("tenant-clean-dynamic", "TENANT=outsider", **outside)
    nobody = copy.run("make", "status", TENON_SERVER="external", PGHOST="127.0.0.1", PGPORT="1")
    expect(nobody.returncode != 0 and "127.0.0.1:1" in nobody.stderr, tail(nobody))


def check_dropping(copy):
    copy.make("tenant-clean-dynamic", "TENANT=My-Company_2")
    copy.make("tenant-clean-dynamic", "TENANT=My-Company_2")
    expect("My-Company_2" not in copy.make("db-list-tenants"), "My-Company_2 is still there")
    for _ in range(2):
        copy.make("tenant-clean")
    shown = copy.make("db-list-tenants")
    expect("tenant_a" not in shown and "my_company" in shown, shown)


def check_dev_reset(copy):
    copy.make("dev-reset")
    expect("my_company" not in copy.make("db-list-tenants"), "the server was not emptied")


def check_clean(copy):
    for _ in range(2):
        copy.make("clean")
    left = [name for name in (".tenon", "target", "logs") if (copy.folder / name).exists()]
    expect(not left, f"make clean left {left}")


def check_guide(copy):
    english = TOP / "docs" / "dynamic_tenant_guide.md"
    japanese = TOP / "docs" / "dynamic_tenant_guide.ja.md"
    expect(len(blocks(english)) > 5, "the guide has no blocks")
    expect(
        [without_comments(block) for block in blocks(english)] == [without_comments(block) for block in blocks(japanese)],
        "the commands of the two guides differ")
    # One shell for all blocks, as a reader would have it; each says where it is in case it fails. A line that starts
    # with ! must fail, which `set -e` does not see.
    lines = ["set -e"]
    for number, block in enumerate(blocks(english), start=1):
        for line in block.splitlines():
            lines.append(f"echo '-- block {number}'")
            lines.append(f"if {line[2:]}; then echo 'this should have failed'; exit 1; fi" if line.startswith("! ") else line)
    done = copy.run("bash", stdin="\n".join(lines) + "\n", timeout=1200)
    expect(done.returncode == 0, f"the guide's commands ended with {done.returncode}:\n{tail(done)}")


def main():
    parser = argparse.ArgumentParser(description="run every Makefile target and the guide's commands")
    parser.add_argument("--tenon", type=pathlib.Path, default=TOP / ".build/release/tenon")
    parser.add_argument("--only", default="", help="checks whose name holds this word")
    parser.add_argument("--keep", action="store_true", help="leave the copy behind")
    options = parser.parse_args()
    if not options.tenon.exists():
        sys.exit(f"{options.tenon} is missing: make build")

    checks = [function for name, function in globals().items() if name.startswith("check_") and options.only in name]
    copy, failed = Copy(options.tenon), 0
    try:
        for check in checks:
            began = time.monotonic()
            try:
                check(copy)
                print(f"ok   {check.__name__} ({time.monotonic() - began:.1f} s)", flush=True)
            except (AssertionError, OSError, ValueError, subprocess.SubprocessError) as error:
                failed += 1
                print(f"FAIL {check.__name__}: {error}", flush=True)
                if not isinstance(error, AssertionError):
                    traceback.print_exc()
    finally:
        if options.keep:
            print(f"the copy is {copy.folder}")
        else:
            copy.remove()
    print(f"{len(checks) - failed} passed, {failed} failed")
    sys.exit(1 if failed or not checks else 0)


if __name__ == "__main__":
    main()
