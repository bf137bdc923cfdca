extension Graph {
  /// What makes `build` run a model's unit tests right before it, one after the other.
  /// - Parameters:
  ///   - selected: the edges are between selected unit tests and selected models.
  ///   - extra: further edges that the models have.
  /// - Returns: the unit tests, which no longer wait for their models, and the edges they have instead.
  public func unitTestEdges(
    selected: IDSet, extra: [(test: Int32, waiting: Int32)]
  ) -> (unitTests: Set<Int32>, edges: [(test: Int32, waiting: Int32)]) {
    var byModel: [Int32: [Int32]] = [:]
    for id in selected.members where self[id].resourceType == .unitTest {
      if let model = parents[id].first, selected.contains(model) { byModel[model, default: []].append(id) }
    }
    var edges: [(test: Int32, waiting: Int32)] = []
    for (model, tests) in byModel {
      for parent in parents[model] { edges.append((parent, tests[0])) }
      for (test, next) in zip(tests, tests.dropFirst() + [model]) { edges.append((test, next)) }
    }
    for edge in extra {
      if let first = byModel[edge.waiting]?.first { edges.append((edge.test, first)) }
    }
    return (Set(byModel.values.joined()), edges)
  }

  /// Further edges that make `build` test things before they are used: from a test to every node that must wait for
  /// it.
  ///
  /// A node waits for a test when everything the test looks at comes before the node. Of all such nodes only the
  /// nearest get an edge; the others wait through them (as dbt's `add_test_edges` with `--use-fast-test-edges`; its
  /// slow form adds more edges of the same meaning).
  public func testEdges() -> [(test: Int32, waiting: Int32)] {
    var edges: [(Int32, Int32)] = []
    // Only nodes wait: no exposures, metrics, functions or unit tests.
    func waits(_ id: Int32) -> Bool {
      guard let node = self[id] as? Node else { return false }
      return node.resourceType != .test && node.resourceType != .function
    }
    let waiting = (0..<Int32(count)).map(waits)
    var reached = [Int32](repeating: 0, count: count)
    for id in 0..<Int32(count) where self[id].resourceType == .test {
      let needs = parents[id]
      if needs.count == 1, let only = needs.first {
        for child in children[only] where waiting[Int(child)] { edges.append((id, child)) }
      } else if needs.count > 1 {
        edges += commonDescendants(needs, waiting, &reached).map { (id, $0) }
      }
    }
    return edges
  }

  /// The first nodes that come after all of `roots`. `reached` is scratch space, zero before and after.
  private func commonDescendants(
    _ roots: ArraySlice<Int32>, _ waiting: [Bool], _ reached: inout [Int32]
  ) -> [Int32] {
    var touched: [Int32] = []
    var round: Int32 = 0
    for root in roots {
      // A node counts for this root only when it counted for all before: reached == round.
      var queue = [root]
      var seen: Set<Int32> = [root]
      var next = 0
      while next < queue.count {
        for child in children[queue[next]] where waiting[Int(child)] && seen.insert(child).inserted {
          queue.append(child)
          if reached[Int(child)] == round {
            if round == 0 { touched.append(child) }
            reached[Int(child)] = round + 1
          }
        }
        next += 1
      }
      round += 1
    }
    defer { for id in touched { reached[Int(id)] = 0 } }
    let common = touched.filter { reached[Int($0)] == round }
    return common.filter { id in !parents[id].contains { reached[Int($0)] == round } }
  }
}
