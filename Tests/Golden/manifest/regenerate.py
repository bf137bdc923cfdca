#!/usr/bin/env python3
"""Makes the golden files of this folder with the real dbt (run it with the Python dbt is installed in).

For each project: expected/manifest.json; expected/selectors.json, the selectors file as JSON; and
expected/selections.json: what `dbt ls` selects for each line of selections.txt. A folder with edits.json has no
project of its own: it is another one with changes, compared with it as `--state`. dbt's own macros and texts are left out.
"""
import json
import os
import shlex
import shutil
import sys
import tempfile

import yaml
from dbt.cli.main import dbtRunner

HERE = os.path.dirname(os.path.abspath(__file__))
BUILT_IN = ("dbt", "dbt_postgres")


def strip(data, root):
    for kind in ("macros", "docs"):
        data[kind] = {k: v for k, v in data[kind].items() if v["package_name"] not in BUILT_IN}
    for node in data["nodes"].values():
        if node.get("root_path"):
            node["root_path"] = node["root_path"].replace(root, "/project")
    return data


def parse(root, target):
    os.chdir(root)
    os.environ["DBT_PROFILES_DIR"] = root
    runner = dbtRunner()
    if os.path.exists("packages.yml"):
        runner.invoke(["--quiet", "deps"])
    parsed = runner.invoke(["--quiet", "--no-partial-parse", "parse", "--target-path", target])
    if not parsed.success:
        sys.exit(f"parse failed: {parsed.exception}")
    return parsed.result


def selections(lines, target, manifest, replace=()):
    out = []
    for line in lines:
        arguments = line
        for old, new in replace:
            arguments = arguments.replace(old, new)
        command = ["--quiet", "--no-partial-parse", "ls", "--output", "json", "--output-keys", "unique_id"]
        result = dbtRunner(manifest=manifest).invoke(command + shlex.split(arguments) + ["--target-path", target])
        if result.success:
            ids = sorted(json.loads(text)["unique_id"] for text in result.result)
            out.append({"arguments": line, "selected": ids})
        else:
            out.append({"arguments": line, "error": str(result.exception or "failed")})
        print(line, "->", len(out[-1]["selected"]) if "selected" in out[-1] else out[-1]["error"][:150])
    return out


def read_lines(folder):
    with open(folder + "/selections.txt") as f:
        return [line.rstrip("\n") for line in f if line.strip() and not line.startswith("#")]


def main():
    for name in sys.argv[1:] or ["shop", "semantic", "changed"]:
        folder = os.path.join(HERE, name)
        os.makedirs(folder + "/expected", exist_ok=True)
        with tempfile.TemporaryDirectory() as work:
            os.environ["DBT_LOG_PATH"] = work + "/logs"
            edits = []
            base = name
            if os.path.exists(folder + "/edits.json"):
                with open(folder + "/edits.json") as f:
                    changes = json.load(f)
                base, edits = changes["project"], changes["edits"]
            root = work + "/project"
            shutil.copytree(os.path.join(HERE, base), root)
            replace = []
            if edits:
                parse(root, work + "/state")
                replace = [("--state state", f"--state {work}/state")]
                for edit in edits:
                    path = os.path.join(root, edit["file"])
                    text = open(path).read() if os.path.exists(path) else ""
                    if edit.get("delete"):
                        os.remove(path)
                    elif "old" in edit:
                        assert edit["old"] in text, edit
                        open(path, "w").write(text.replace(edit["old"], edit["new"]))
                    else:
                        open(path, "w").write(edit["new"])
            manifest = parse(root, work + "/target")
            with open(work + "/target/manifest.json") as f:
                data = strip(json.load(f), root)
            with open(folder + "/expected/manifest.json", "w") as f:
                json.dump(data, f)
            if edits:
                with open(work + "/state/manifest.json") as f:
                    state = strip(json.load(f), root)
                os.makedirs(folder + "/state", exist_ok=True)
                with open(folder + "/state/manifest.json", "w") as f:
                    json.dump(state, f)
            if os.path.exists("selectors.yml"):
                with open("selectors.yml") as f, open(folder + "/expected/selectors.json", "w") as out:
                    json.dump(yaml.safe_load(f)["selectors"], out, indent=1)
            found = selections(read_lines(folder), work + "/target", manifest, replace)
            with open(folder + "/expected/selections.json", "w") as f:
                json.dump(found, f, indent=1)
            os.chdir(HERE)


main()
