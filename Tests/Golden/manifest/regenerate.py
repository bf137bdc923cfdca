#!/usr/bin/env python3
"""Makes the golden files of this folder with the real dbt (run it with the Python dbt is installed in).

For each project: expected/manifest.json, and expected/selections.json: what `dbt ls` selects for each line of
selections.txt. dbt's own macros are left out of the manifest.
"""
import json
import os
import shlex
import shutil
import sys

from dbt.cli.main import dbtRunner

HERE = os.path.dirname(os.path.abspath(__file__))
BUILT_IN = ("dbt", "dbt_postgres")


def invoke(args, manifest=None):
    result = dbtRunner(manifest=manifest).invoke(args)
    return result


def strip(data):
    data["macros"] = {k: v for k, v in data["macros"].items() if v["package_name"] not in BUILT_IN}
    return data


def main():
    for project in sys.argv[1:] or ["shop"]:
        root = os.path.join(HERE, project)
        os.chdir(root)
        os.environ["DBT_PROFILES_DIR"] = root
        os.environ["DBT_LOG_PATH"] = "/tmp/manifest-golden-logs"
        target = "/tmp/manifest-golden-target"
        common = ["--quiet", "--no-partial-parse"]
        tail = ["--target-path", target]
        shutil.rmtree(target, ignore_errors=True)
        os.makedirs("expected", exist_ok=True)
        invoke(["--quiet", "deps"])
        parsed = invoke(common + ["parse"] + tail)
        if not parsed.success:
            sys.exit("parse failed")
        with open(target + "/manifest.json") as f:
            data = strip(json.load(f))
        with open("expected/manifest.json", "w") as f:
            json.dump(data, f)
        selections = []
        with open("selections.txt") as f:
            lines = [line.rstrip("\n") for line in f if line.strip() and not line.startswith("#")]
        for line in lines:
            result = invoke(common + ["ls", "--output", "json", "--output-keys", "unique_id"] + shlex.split(line) + tail, parsed.result)
            if result.success:
                ids = sorted(json.loads(text)["unique_id"] for text in result.result)
                selections.append({"arguments": line, "selected": ids})
            else:
                selections.append({"arguments": line, "error": str(result.exception or "failed")})
            print(line, "->", len(selections[-1].get("selected", [])) if "selected" in selections[-1] else selections[-1]["error"][:150])
        with open("expected/selections.json", "w") as f:
            json.dump(selections, f, indent=1)
        for left in ("dbt_packages", "logs", "package-lock.yml", ".user.yml"):
            if os.path.isdir(left) and not os.path.islink(left):
                shutil.rmtree(left)
            elif os.path.exists(left):
                os.remove(left)


main()
