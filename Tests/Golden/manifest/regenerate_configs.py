#!/usr/bin/env python3
"""Makes configs.json with the real dbt: levels of configuration laid over each other, and what becomes of them."""
import json
import os
import random

from dbt.adapters.postgres import PostgresAdapter
from dbt.contracts.graph.model_config import get_config_for
from dbt.exceptions import SchemaConfigError
from dbt.node_types import NodeType
from dbt_common.contracts.config.base import merge_config_dicts
from dbt_common.dataclass_schema import ValidationError

ADAPTER = PostgresAdapter.AdapterSpecificConfigs


def resolve(kind, levels):
    config = get_config_for(NodeType(kind)).from_dict({})
    try:
        for level in levels:
            level = json.loads(json.dumps(level))
            for wrong, right in (("pre_hook", "pre-hook"), ("post_hook", "post-hook")):
                if wrong in level:
                    level[right] = level.pop(wrong)
            config = config.update_from(level, ADAPTER, validate=False)
        found = config.finalize_and_validate().to_dict(omit_none=False)
        defaults = get_config_for(NodeType(kind)).from_dict({}).to_dict(omit_none=False)
        # Only what differs from the defaults.
        return {"result": {k: v for k, v in found.items() if k not in defaults or defaults[k] != v}}
    except ValidationError as error:
        try:
            return {"error": str(SchemaConfigError(error, node=config)).split("\n  ", 1)[1]}
        except Exception:
            return {"error": error.msg if hasattr(error, "msg") else str(error)}
    except Exception as error:
        return {"error": type(error).__name__ + ": " + str(error)}


VALUES = {
    "enabled": [True, False, "yes", 1, None],
    "alias": ["x", 3, None],
    "schema": ["s", 3, None],
    "database": ["d", True],
    "tags": ["a", ["a", "b"], [], [1], None, 3],
    "meta": [{"a": 1}, {"a": {"b": 2}, "c": [1]}, "x", None],
    "group": ["g", 3],
    "static_analysis": [False, True, "baseline"],
    "materialized": ["table", "incremental", "test", "seed", "snapshot", "ephemeral", 3, None],
    "incremental_strategy": ["merge", 3],
    "lookback": [2, "x", None],
    "persist_docs": [{"relation": True}, {"columns": True}, "x"],
    "pre_hook": ["select 1", ["a", {"sql": "b", "transaction": False}], '{"sql": "x", "transaction": false}', {"sql": None}, ""],
    "post-hook": ["select 2", [], [{"sql": "q", "index": 1, "foo": 2}], "{not json"],
    "quoting": [{"identifier": True}, {"schema": False}],
    "column_types": [{"a": "int"}, {"b": "text"}],
    "full_refresh": [True, "x"],
    "unique_key": ["id", ["a", "b"], [3]],
    "on_schema_change": ["fail", "append_new_columns", "foo", 3],
    "on_configuration_change": ["continue", "apply", "foo"],
    "grants": [{"select": "a"}, {"+select": ["b"], "insert": "c"}, {"select": ["d", "e"]}, "x"],
    "packages": ["p", ["q"], [1]],
    "docs": [{"show": False}, {"node_color": "red"}, {"node_color": "#abc", "x": 1}, {"node_color": "nope"}, {"show": "x"}, "x"],
    "contract": [{"enforced": True}, {"alias_types": False}, {"enforced": "x"}, True],
    "event_time": ["t", 3],
    "access": ["public", "private", "foo", None],
    "freshness": [
        {"build_after": {"count": 1, "period": "day"}}, {"build_after": {"count": 1}}, {"x": 1},
        {"build_after": {"count": 2, "period": "hour", "updates_on": "all"}}, {"build_after": {"period": "weeks", "count": 1}},
        {"warn_after": {"count": 1, "period": "day"}}, {"warn_after": None, "filter": "f"}, None,
    ],
    "delimiter": ["|", 3],
    "quote_columns": [True, "x"],
    "strategy": ["check", "timestamp"],
    "check_cols": ["all", ["a"], [1]],
    "target_schema": ["t", 3],
    "snapshot_meta_column_names": [{"dbt_valid_to": "x"}, {"dbt_valid_from": "y", "zzz": 1}],
    "severity": ["warn", "ERROR", "foo", None],
    "store_failures": [True, False, "x"],
    "store_failures_as": ["view", "table", "ephemeral", "foo", None],
    "where": ["a > 1", 3],
    "limit": [10, "10", "x", 1.5, True],
    "fail_calc": ["sum(x)", 3],
    "warn_if": [">1"],
    "error_if": [">5", 3],
    "type": ["table", "foo"],
    "volatility": ["stable", "x", None],
    "loaded_at_field": ["l", 3],
    "cache": [{"enabled": True}, {"enabled": True, "x": 1}],
    "export_as": ["table", "foo"],
    "unlogged": [True],
    "indexes": [[{"columns": ["a"], "unique": True}]],
    "custom": [{"a": 1}, {"b": 2}, "x"],
}
KINDS = ["model", "seed", "snapshot", "test", "source", "exposure", "analysis", "function", "unit_test", "metric", "saved_query"]
# Texts are taken apart into letters by dbt where these kinds expect a list; nothing to copy.
SKIPPED = {("source", "tags"), ("exposure", "tags"), ("exposure", "meta"), ("group", "tags")}


def main():
    random.seed(11)
    cases = []
    for kind in KINDS:
        known = set(get_config_for(NodeType(kind)).from_dict({}).to_dict(omit_none=False))
        for key, values in VALUES.items():
            name = {"pre_hook": "pre-hook"}.get(key, key)
            if (kind, key) in SKIPPED or (name not in known and kind not in ("model", "test")):
                continue
            for value in values:
                cases.append((kind, [{key: value}]))
        good = {
            key: [v for v in values if "result" in resolve(kind, [{key: v}])]
            for key, values in VALUES.items()
            if (kind, key) not in SKIPPED
        }
        for _ in range(40):
            levels = []
            for _ in range(random.randint(2, 4)):
                keys = random.sample(sorted(k for k in good if good[k]), 6)
                levels.append({key: random.choice(good[key]) for key in keys})
            cases.append((kind, levels))
    out = [{"type": kind, "levels": levels, **resolve(kind, levels)} for kind, levels in cases]
    calls = []
    for _ in range(60):
        merged = {}
        given = []
        keys = ["tags", "meta", "pre_hook", "grants", "docs", "packages", "materialized", "snapshot_meta_column_names", "custom"]
        for _ in range(random.randint(1, 4)):
            call = {key: random.choice([v for v in VALUES[key] if isinstance(v, (dict, list)) or key in ("materialized", "tags")]) for key in random.sample(keys, 4)}
            given.append(call)
            merge_config_dicts(merged, json.loads(json.dumps(call)))
        calls.append({"calls": given, "merged": merged})
    folder = os.path.dirname(os.path.abspath(__file__))
    with open(folder + "/configs.json", "w") as f:
        json.dump({"levels": out, "calls": calls}, f)
    print(len(out), len(calls))


main()
