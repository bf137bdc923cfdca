import Diagnostics
import Testing

@testable import Manifest

/// Random graphs against dbt's graph code.
@Suite struct GraphTests {
  private func graph(_ nodes: ConfigValue?) throws -> (Graph, Manifest) {
    let manifest = Manifest()
    for entry in nodes?.asList ?? [] {
      let pair = entry.asList ?? []
      let name = pair[0].asString ?? ""
      let type = ResourceType(rawValue: String(name.prefix { $0 != "." })) ?? .model
      let node = Node(
        type, uniqueID: name, name: name, packageName: "p", path: "", originalFilePath: "", fqn: ["p", name],
        config: NodeConfig(type), alias: name, database: nil, schema: nil, checksum: .none, rawCode: "select 1")
      node.dependsOn.nodes = pair[1].asStrings ?? []
      manifest.nodes.add(node)
    }
    return (try Graph(manifest), manifest)
  }

  /// All pairs where the second comes after the first, links left out.
  private func closure(_ plan: ExecutionPlan, _ graph: Graph) -> Set<[String]> {
    var out: Set<[String]> = []
    for position in plan.members.indices where !plan.isLink[position] {
      for dependent in plan.dependents(of: Int32(position)) {
        out.insert([graph[plan.members[position]].uniqueID, graph[plan.members[Int(dependent)]].uniqueID])
      }
    }
    return out
  }

  private func order(_ plan: ExecutionPlan, _ graph: Graph) -> [String] {
    var queue = ExecutionQueue(plan)
    var out: [String] = []
    while let next = queue.next() {
      out.append(graph[plan.members[Int(next)]].uniqueID)
      queue.finish(next)
    }
    #expect(queue.unfinished == 0)
    return out
  }

  @Test func plansAreWhatDbtsGraphsAre() throws {
    for entry in try Golden.json("graphs.json").asDict?["graphs"]?.asList ?? [] {
      let dict = try #require(entry.asDict)
      let (graph, _) = try graph(dict["nodes"])
      let everything = IDSet(capacity: graph.count, 0..<Int32(graph.count))
      func pairs(_ key: String) -> Set<[String]> { Set((dict[key]?.asList ?? []).compactMap(\.asStrings)) }
      let tested = ExecutionPlan(graph, selected: everything, extra: graph.testEdges())
      #expect(closure(tested, graph) == pairs("closure"))
      let ids = (dict["selected"]?.asStrings ?? []).compactMap { graph.id(of: $0) }
      let selected = IDSet(capacity: graph.count, ids)
      let plan = ExecutionPlan(graph, selected: selected)
      #expect(closure(plan, graph) == pairs("subset"))
      #expect(order(plan, graph) == dict["order"]?.asStrings)
      let build = ExecutionPlan(graph, selected: selected, extra: graph.testEdges())
      #expect(order(build, graph) == dict["build_order"]?.asStrings)
    }
  }

  @Test func unitTestsComeBeforeTheirModel() throws {
    let (graph, _) = try graph([
      ["model.p.a", []], ["model.p.b", ["model.p.a"]], ["model.p.c", ["model.p.b"]], ["test.p.t", ["model.p.a"]],
      ["unit_test.p.u1", ["model.p.b"]], ["unit_test.p.u2", ["model.p.b"]],
    ])
    func planned(_ selected: IDSet) -> ExecutionPlan {
      let tests = graph.testEdges()
      let units = graph.unitTestEdges(selected: selected, extra: tests)
      return ExecutionPlan(graph, selected: selected, extra: tests + units.edges, detached: units.unitTests)
    }
    let all = planned(IDSet(capacity: 6, 0..<6))
    #expect(
      order(all, graph) == ["model.p.a", "test.p.t", "unit_test.p.u1", "unit_test.p.u2", "model.p.b", "model.p.c"])
    // One that fails takes the model and everything behind it along.
    let first = try #require(graph.id(of: "unit_test.p.u1").flatMap { id in all.members.firstIndex(of: id) })
    #expect(
      Set(all.dependents(of: Int32(first)).map { graph[all.members[Int($0)]].uniqueID })
        == ["unit_test.p.u2", "model.p.b", "model.p.c"])
    // Without their model they just run.
    let alone = planned(IDSet(capacity: 6, ["unit_test.p.u1", "unit_test.p.u2"].compactMap { graph.id(of: $0) }))
    #expect(order(alone, graph) == ["unit_test.p.u1", "unit_test.p.u2"])
  }

  @Test func cyclesAreNamedAsDbtNamesThem() throws {
    var found = 0
    for entry in try Golden.json("graphs.json").asDict?["cycles"]?.asList ?? [] {
      let (graph, _) = try graph(entry.asDict?["nodes"])
      let cycle = graph.findCycle().map { "Found a cycle: " + $0.joined(separator: " --> ") }
      #expect(cycle == entry.asDict?["cycle"]?.asString)
      if cycle != nil { found += 1 }
    }
    #expect(found > 5)
  }

  @Test func withoutEdgesEverythingIsReadyAtOnce() throws {
    let (graph, _) = try graph([["model.p.a", []], ["model.p.b", ["model.p.a"]], ["model.p.c", ["model.p.b"]]])
    let all = IDSet(capacity: 3, 0..<3)
    var queue = ExecutionQueue(ExecutionPlan(graph, selected: all, preservesEdges: false))
    let ready = [queue.next(), queue.next(), queue.next()]
    #expect(ready.allSatisfy { $0 != nil })
  }

  @Test func theCriticalPathComesFirst() throws {
    let (graph, _) = try graph([
      ["model.p.a", []], ["model.p.z", []], ["model.p.y", ["model.p.z"]], ["model.p.x", ["model.p.y"]],
    ])
    let plan = ExecutionPlan(graph, selected: IDSet(capacity: 4, 0..<4))
    var queue = ExecutionQueue(plan, priority: .criticalPath)
    let next = queue.next()
    let first = try #require(next)
    #expect(graph[plan.members[Int(first)]].uniqueID == "model.p.z")
  }

  @Test func missingDependenciesAreNamed() {
    do {
      _ = try graph([["model.p.a", ["model.p.gone"]]])
      Issue.record("no error")
    } catch let problem as Diagnostic {
      #expect(problem.message == "'model.p.a' depends on 'model.p.gone' which is not in the graph!")
    } catch { Issue.record("another error") }
  }

  @Test func setsOfNumbers() {
    var set = IDSet(capacity: 130, [0, 64, 129])
    #expect(set.members == [0, 64, 129])
    let isNew = set.insert(64)
    #expect(!isNew)
    set.remove(64)
    set.formUnion(IDSet(capacity: 130, [5]))
    set.subtract(IDSet(capacity: 130, [0]))
    #expect(set.members == [5, 129])
    #expect(set.count == 2)
  }
}
