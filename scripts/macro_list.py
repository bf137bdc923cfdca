#!/usr/bin/env python3
"""Keep the list of built-in macros in docs/macros.md the same as the library.

usage: macro_list.py [--check]

Writes the list between its two marks. With --check nothing is written; exit code 1 when the list is stale, when a
name is defined twice, or when a dispatcher has no body.
"""

import re
import sys
from collections import Counter
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
LIBRARY = TOP / "Sources/Compiler/Resources/macros"
PAGE = TOP / "docs/macros.md"
BEGIN, END = "<!-- macros: begin -->", "<!-- macros: end -->"

BLOCK = re.compile(r"\{%-?\s*(macro|test|materialization)\s+([\w]+)\s*(\([^%]*?\))?[^%]*?-?%\}")
DISPATCH = re.compile(r"adapter\.dispatch\('(\w+)', 'dbt'\)")


def read_library():
    """(package folder, topic, kind, name, signature) of every block, and the names that are dispatched."""
    blocks, dispatched = [], set()
    for path in sorted(LIBRARY.rglob("*.sql")):
        package, *rest = path.relative_to(LIBRARY).parts
        topic = rest[0].removesuffix(".sql")
        text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S)
        for kind, name, signature in BLOCK.findall(text):
            blocks.append((package, topic, kind, name, re.sub(r"\s+", " ", signature).replace("( ", "(").replace(" )", ")")))
        dispatched.update(DISPATCH.findall(text))
    return blocks, dispatched


def is_body(name):
    return name.startswith(("default__", "postgres__"))


def listing(blocks):
    bodies = {name for _, _, _, name, _ in blocks if is_body(name)}
    lines, heading = [], None
    for package, topic, kind, name, signature in sorted(blocks, key=lambda block: block[:2]):
        if is_body(name):
            continue
        if heading != (package, topic):
            heading = (package, topic)
            lines += ["", f"**{topic.replace('_', ' ')}**" + (" (PostgreSQL)" if package == "postgres" else ""), ""]
        marks = "".join(mark for prefix, mark in (("default__", "d"), ("postgres__", "p")) if prefix + name in bodies)
        kind = "" if kind == "macro" else kind + " "
        lines.append(f"- {kind}`{name}{signature}`" + (f" {marks}" if marks else ""))
    return "\n".join(lines).strip()


def problems(blocks, dispatched):
    names = Counter((kind, name) for _, _, kind, name, _ in blocks)
    for (kind, name), count in names.items():
        if count > 1:
            yield f"{kind} {name} is defined {count} times"
    defined = {name for _, _, _, name, _ in blocks}
    # an adapter's macros whose default would have nothing to say
    without_default = {"get_column_names", "format_column"}
    for name in sorted(dispatched - without_default):
        if f"default__{name}" not in defined and f"postgres__{name}" not in defined:
            yield f"nothing to dispatch {name} to"


def main():
    blocks, dispatched = read_library()
    page = PAGE.read_text(encoding="utf-8")
    head, _, rest = page.partition(BEGIN)
    _, _, tail = rest.partition(END)
    fresh = f"{head}{BEGIN}\n{listing(blocks)}\n{END}{tail}"
    found = list(problems(blocks, dispatched))
    if "--check" in sys.argv[1:]:
        if fresh != page:
            found.append("docs/macros.md is stale: run scripts/macro_list.py")
    else:
        PAGE.write_text(fresh, encoding="utf-8")
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
