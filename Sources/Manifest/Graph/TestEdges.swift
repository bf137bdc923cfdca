extension Graph {
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
