"""Writes the expectations in this folder from what dbt and pathspec do; run it with a Python that has dbt-core."""
import argparse
import pathlib

import pathspec
from dbt import flags
from dbt.artifacts.resources.base import FileHash
from dbt.graph.selector_spec import SelectionCriteria
from dbt_common import semver
from dbt_common.clients.system import load_file_contents

flags.set_flags(argparse.Namespace(INDIRECT_SELECTION="eager"))
here = pathlib.Path(__file__).parent


def lines(name):
    return [line.split("\t")[0] for line in (here / name).read_text().split("\n") if line]


def write(name, rows):
    (here / name).write_text("".join(f"{text}\t{result}\n" for text, result in rows))


def version(text):
    try:
        return semver.VersionSpecifier.from_version_string(text).to_version_string()
    except Exception:
        return "error"


def reduced(text):
    try:
        return str(semver.reduce_versions(*text.split(" ")))
    except Exception:
        return "none"


def compared(text):
    a, b = text.split(" ")
    return semver.VersionSpecifier.from_version_string(a).compare(semver.VersionSpecifier.from_version_string(b))


def resolved(text):
    wanted, available = text.split(" | ")
    try:
        wanted = semver.reduce_versions(*wanted.split(" "))
    except Exception:
        return "none"
    return semver.resolve_to_specific_version(wanted, available.split(" "))


def criterion(text):
    try:
        c = SelectionCriteria.from_single_spec(text)
    except Exception:
        return "error"
    return " ".join(
        str(x)
        for x in [c.method.value, ".".join(c.method_arguments) or "-", c.value or "-", int(c.childrens_parents), int(c.parents), c.parents_depth, int(c.children), c.children_depth]
    )


write("versions.txt", [(t, version(t)) for t in lines("versions.txt")])
write("reductions.txt", [(t, reduced(t)) for t in lines("reductions.txt")])
write("comparisons.txt", [(t, compared(t)) for t in lines("comparisons.txt")])
write("resolutions.txt", [(t, resolved(t)) for t in lines("resolutions.txt")])
write("terms.txt", [(t, criterion(t)) for t in lines("terms.txt")])

ignore = here / "ignore"
for rules in sorted(ignore.glob("*.rules")):
    spec = pathspec.PathSpec.from_lines(pathspec.patterns.GitWildMatchPattern, rules.open())
    paths = (ignore / "paths.txt").read_text().splitlines()
    rules.with_suffix(".ignored").write_text("".join(p + "\n" for p in paths if spec.match_file(p)))

for path in sorted((here / "checksums").glob("*.sql")):
    path.with_suffix(".sha256").write_text(FileHash.from_contents(load_file_contents(str(path))).checksum + "\n")
