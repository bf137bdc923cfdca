"""Writes the expectations in this folder from what PyYAML does; run it with a Python that has PyYAML."""
import datetime
import pathlib
import yaml

here = pathlib.Path(__file__).parent


def shown(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool " + ("true" if value else "false")
    if isinstance(value, int):
        return f"int {value}"
    if isinstance(value, float):
        return f"float {value!r}"
    if isinstance(value, datetime.datetime):
        return "datetime " + value.isoformat(" ")
    if isinstance(value, datetime.date):
        return "date " + value.isoformat()
    if isinstance(value, bytes):
        return "binary " + value.hex()
    if isinstance(value, str):
        return "str " + value.encode("unicode_escape").decode()
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(shown(v) for v in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(shown(k) + ": " + shown(v) for k, v in value.items()) + "}"
    raise TypeError(type(value))


def load(text):
    try:
        return shown(yaml.load(text, Loader=yaml.CSafeLoader))
    except Exception:
        return "error"


lines = (here / "values.txt").read_text().split("\n")
lines = [line.split("\t")[0] for line in lines if line]
text = "".join(f"{line}\t{load(line.encode().decode('unicode_escape') if chr(92) in line else line)}\n" for line in lines)
(here / "values.txt").write_text(text)

for path in sorted((here / "write").glob("*.in.yml")):
    value = yaml.load(path.read_text(), Loader=yaml.CSafeLoader)
    name = path.name[: -len(".in.yml")]
    (here / "write" / f"{name}.plain.yml").write_text(yaml.safe_dump(value, sort_keys=False))
    (here / "write" / f"{name}.sorted.yml").write_text(yaml.safe_dump(value))
