#!/usr/bin/env python3
"""Write a synthetic dbt project: a warehouse of N models in layers, with macros, YAML and tests.

usage: make_project.py FOLDER --models N [--fan-in K] [--rows R] [--tests-per-model T]

A sixth of the models reads sources, each later layer reads one to K models of the layer before; half of the models are
views, the others tables, every fiftieth is incremental and every fortieth ephemeral. Every third model calls a macro
with a loop, every fifth has a config() of its own. One properties file per folder of 100 models carries
descriptions, columns and generic tests. Two seeds of R rows feed the sources, so the SQL runs. The same arguments
write the same bytes.
"""

import argparse
import pathlib
import random

PROJECT = """\
name: warehouse
version: "1.0"
profile: warehouse
vars:
  currency: jpy
  limits: {low: 10, high: 1000}
models:
  warehouse:
    +tags: [generated]
    layer_0:
      +materialized: view
      +meta: {layer: 0}
"""

PROFILE = """\
warehouse:
  target: dev
  outputs:
    dev:
      type: postgres
      host: "{{ env_var('PGHOST', 'localhost') }}"
      port: "{{ env_var('PGPORT', '5432') | as_number }}"
      user: "{{ env_var('PGUSER', 'postgres') }}"
      password: "{{ env_var('PGPASSWORD', 'postgres') }}"
      dbname: "{{ env_var('BENCH_DATABASE', 'bench') }}"
      schema: bench
      threads: 4
"""

MACROS = """\
{% macro bucketed(column, steps) -%}
  case
  {%- for step in steps | sort %}
    when {{ column }} < {{ step }} then '{{ "under_%05d" | format(step) }}'
  {%- endfor %}
    else 'over'
  end
{%- endmacro %}

{% macro money(column, currency=none) -%}
  {%- set digits = {'jpy': 0, 'usd': 2, 'eur': 2}.get(currency or var('currency'), 2) -%}
  round({{ column }}::numeric, {{ digits }})
{%- endmacro %}

{% macro flags_of(column, count=4) -%}
  {%- set parts = [] -%}
  {%- for number in range(count) -%}
    {%- if number is even -%}
      {%- do parts.append("(" ~ column ~ " % " ~ (number + 2) ~ " = 0) as flag_" ~ number) -%}
    {%- else -%}
      {%- do parts.append("(" ~ column ~ " > " ~ (number * var('limits').low) ~ ") as flag_" ~ number) -%}
    {%- endif -%}
  {%- endfor -%}
  {{ parts | join(",\\n  ") }}
{%- endmacro %}

{% test within(model, column_name, low=0, high=1000000) %}
select {{ column_name }} from {{ model }} where {{ column_name }} not between {{ low }} and {{ high }}
{% endtest %}
"""

LAYERS = 6
FOLDER = 100


def name_of(number):
    return f"m_{number:05d}"


def config_line(number, materialized, rng):
    options = [f"materialized='{materialized}'"]
    if materialized == "incremental":
        options.append("unique_key='id'")
    if number % 5 == 0:
        options += [f"tags=['t{number % 7}', 'nightly']", f"meta={{'owner': 'team_{number % 11}', 'rank': {rng.randrange(100)}}}"]
    return "{{ config(" + ", ".join(options) + ") }}\n"


def model_text(number, layer, parents, materialized, rng):
    lines = []
    if materialized != "view" or number % 5 == 0:
        lines.append(config_line(number, materialized, rng))
    if parents:
        lines.append("with joined as (\n  select a.id, a.amount, a.kind\n")
        lines.append(f"  from {{{{ ref('{parents[0]}') }}}} as a\n")
        for at, parent in enumerate(parents[1:], start=1):
            lines.append(f"  left join {{{{ ref('{parent}') }}}} as b{at} on b{at}.id = a.id\n")
        lines.append(")\n\n")
        source = "joined"
    else:
        source = "{{ source('raw', '" + ("events" if number % 2 else "items") + "') }}"
    lines.append("select\n  id,\n  kind,\n  {{ money('amount') }} as amount")
    if number % 3 == 0:
        lines.append(f",\n  {{{{ bucketed('amount', [{rng.randrange(5, 50)}, {rng.randrange(50, 500)}, 999]) }}}} as bucket")
    if number % 4 == 0:
        lines.append(",\n  {{ flags_of('id') }}")
    lines.append(f"\nfrom {source}\nwhere amount > {{{{ var('limits').low }}}}")
    if materialized == "incremental":
        lines.append("\n{% if is_incremental() %}\n  and id > (select coalesce(max(id), 0) from {{ this }})\n{% endif %}")
    lines.append("\n")
    return "".join(lines)


def properties_of(members, tests):
    out = ["version: 2\n\nmodels:\n"]
    for number, parents in members:
        out.append(f"  - name: {name_of(number)}\n    description: Model {number} of a generated warehouse, one row for each id.\n")
        out.append("    columns:\n      - name: id\n        description: The key\n")
        wanted = []
        if tests >= 1:
            wanted.append("          - not_null\n")
        if tests >= 2:
            wanted.append("          - unique\n")
        if tests >= 3 and parents:
            wanted.append(f"          - relationships:\n              arguments: {{to: ref('{parents[0]}'), field: id}}\n")
        if wanted:
            out.append("        data_tests:\n" + "".join(wanted))
        out.append("      - name: kind\n        description: What it is\n")
        if tests >= 4:
            out.append("        data_tests:\n          - accepted_values:\n              arguments: {values: [a, b, c, d]}\n")
        out.append("      - name: amount\n        description: How much\n")
        if tests >= 2 and number % 4 == 0:
            out.append("        data_tests:\n          - within:\n              arguments: {low: 0, high: 5000}\n")
    return "".join(out)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description="write a synthetic dbt project")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--models", type=int, default=1000)
    parser.add_argument("--fan-in", type=int, default=3)
    parser.add_argument("--rows", type=int, default=100)
    parser.add_argument("--tests-per-model", type=int, default=2)
    options = parser.parse_args()
    rng = random.Random(options.models)
    top = options.folder

    write(top / "dbt_project.yml", PROJECT)
    write(top / "profiles.yml", PROFILE)
    write(top / "macros" / "warehouse.sql", MACROS)
    for seed in ("items", "events"):
        rows = [f"{at},{rng.choice('abcd')},{rng.randrange(1, 3000)}" for at in range(1, options.rows + 1)]
        write(top / "seeds" / f"{seed}.csv", "id,kind,amount\n" + "\n".join(rows) + "\n")
    write(top / "models" / "sources.yml",
          "version: 2\n\nsources:\n  - name: raw\n    schema: bench\n    tables:\n      - name: items\n      - name: events\n")

    # Depth is bounded by the layers: a view over views over views would make the server's planner the thing measured.
    layers = [[] for _ in range(LAYERS)]
    for number in range(options.models):
        layers[number * LAYERS // options.models].append(number)
    for layer, numbers in enumerate(layers):
        for start in range(0, len(numbers), FOLDER):
            folder = top / "models" / f"layer_{layer}" / f"part_{start // FOLDER:03d}"
            members = []
            for number in numbers[start:start + FOLDER]:
                before = layers[layer - 1] if layer else []
                parents = [name_of(at) for at in rng.sample(before, min(len(before), rng.randint(1, options.fan_in)))] if before else []
                materialized = "table" if number % 2 and layer else "view"
                if layer and number % 50 == 1:
                    materialized = "incremental"
                if 0 < layer < LAYERS - 1 and number % 40 == 2:
                    materialized = "ephemeral"
                write(folder / f"{name_of(number)}.sql", model_text(number, layer, parents, materialized, rng))
                members.append((number, parents))
            write(folder / "_models.yml", properties_of(members, options.tests_per_model))


if __name__ == "__main__":
    main()
