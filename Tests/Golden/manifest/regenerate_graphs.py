#!/usr/bin/env python3
"""Makes graphs.json with the real dbt: random graphs, what the edges of tests order, subsets, order in the queue,
cycles."""
import json
import os
import random
from types import SimpleNamespace

import networkx as nx
from dbt.compilation import Linker
from dbt.graph import Graph
from dbt.graph.queue import GraphQueue


def manifest_of(nodes):
    table = {
        name: SimpleNamespace(
            unique_id=name, resource_type=name.split(".")[0], depends_on_nodes=parents, depends_on=SimpleNamespace(nodes=parents),
            is_ephemeral=False, config=SimpleNamespace(incremental_strategy=None, enabled=True),
        )
        for name, parents in nodes
    }
    children = {name: [] for name in table}
    for name, parents in nodes:
        for parent in parents:
            children[parent].append(name)
    empty = {}
    return SimpleNamespace(
        nodes=table, sources=empty, exposures=empty, functions=empty, metrics=empty, semantic_models=empty,
        saved_queries=empty, unit_tests=empty, child_map=children, expect=lambda unique_id: table[unique_id],
    )


def linked(nodes, test_edges):
    linker = Linker()
    manifest = manifest_of(nodes)
    linker.link_graph(manifest)
    if test_edges:
        linker.add_test_edges_1(manifest)
    return linker, manifest


def queue_order(graph, manifest, selected):
    queue = GraphQueue(graph.get_subset_graph(selected).graph, manifest, set(selected))
    order = []
    while not queue.empty():
        node = queue.get(block=False)
        order.append(node.unique_id)
        queue.mark_done(node.unique_id)
    return order


def main():
    random.seed(5)
    cases = []
    for number in range(40):
        nodes = []
        names = []
        for i in range(random.randint(4, 22)):
            models = [n for n in names if n.startswith("model")]
            if models and random.random() < 0.35:
                name = f"test.p.t{i:02}"
                parents = random.sample(models, min(len(models), random.choice([1, 1, 1, 2, 3])))
            else:
                name = f"model.p.m{random.randint(0, 9)}{i:02}"
                parents = random.sample(models, min(len(models), random.choice([0, 1, 1, 2])))
            nodes.append((name, parents))
            names.append(name)
        linker, manifest = linked(nodes, True)
        plain, _ = linked(nodes, False)
        closure = sorted(map(list, nx.transitive_closure(linker.graph).edges()))
        selected = sorted(random.sample(names, max(1, len(names) * 2 // 3)))
        subset = Graph(plain.graph).get_subset_graph(selected)
        cases.append(
            {
                "nodes": nodes,
                "closure": closure,
                "selected": selected,
                "subset": sorted(map(list, nx.transitive_closure(subset.graph).edges())),
                "order": queue_order(Graph(plain.graph), manifest, selected),
                "build_order": queue_order(Graph(linker.graph), manifest, selected),
            }
        )
    cycles = []
    for _ in range(30):
        count = random.randint(2, 9)
        names = [f"model.p.m{i}" for i in range(count)]
        nodes = [(name, random.sample(names, random.choice([0, 1, 1, 2]) if count > 1 else 0)) for name in names]
        nodes = [(name, [p for p in parents if p != name]) for name, parents in nodes]
        try:
            linked(nodes, False)
            cycles.append({"nodes": nodes, "cycle": None})
        except RuntimeError as error:
            cycles.append({"nodes": nodes, "cycle": str(error)})
    with open(os.path.dirname(os.path.abspath(__file__)) + "/graphs.json", "w") as f:
        json.dump({"graphs": cases, "cycles": cycles}, f)


main()
