import Diagnostics

extension Graph {
  /// Everything that needs a member of the set, at most `depth` steps away. Members are in the result only when they
  /// need other members (or themselves within the depth).
  public func descendants(of set: IDSet, depth: Int? = nil) -> IDSet { reach(set, children, depth) }

  /// Everything the members need, at most `depth` steps away.
  public func ancestors(of set: IDSet, depth: Int? = nil) -> IDSet { reach(set, parents, depth) }

  /// Direct children of any member.
  public func successors(of set: IDSet) -> IDSet { reach(set, children, 1) }

  private func reach(_ set: IDSet, _ edges: Adjacency, _ depth: Int?) -> IDSet {
    var found = IDSet(capacity: count)
    var layer = set.members
    var step = 0
    while !layer.isEmpty, depth.map({ step < $0 }) ?? true {
      var next: [Int32] = []
      for id in layer {
        for target in edges[id] where found.insert(target) { next.append(target) }
      }
      layer = next
      step += 1
    }
    return found
  }

  /// An order in which everything comes after what it needs; nil when there is a cycle.
  public func topologicalOrder() -> [Int32]? {
    var waiting = (0..<Int32(count)).map { Int32(parents.degree($0)) }
    var order = (0..<Int32(count)).filter { waiting[Int($0)] == 0 }
    order.reserveCapacity(count)
    var next = 0
    while next < order.count {
      for child in children[order[next]] {
        waiting[Int(child)] -= 1
        if waiting[Int(child)] == 0 { order.append(child) }
      }
      next += 1
    }
    return order.count == count ? order : nil
  }

  /// - Throws: a Diagnostic that shows the cycle as a path, in dbt's words.
  public func requireAcyclic() throws {
    guard let cycle = findCycle() else { return }
    var diagnostic = Diagnostic("cycle", .runtime, "Found a cycle: \(cycle.joined(separator: " --> "))")
    // Where each step needs the one before it, the first the last.
    for (index, id) in cycle.enumerated() {
      guard let node = member(id) else { continue }
      let needed = cycle[(index + cycle.count - 1) % cycle.count]
      guard let name = member(needed)?.name, let range = ResolveMessages.place(of: name, in: node) else { continue }
      diagnostic.notes.append(Diagnostic.Note("\(id) needs \(needed)", range: range))
    }
    throw diagnostic
  }

  private func member(_ id: String) -> GraphResource? { resources.first { $0.uniqueID == id } }

  /// The unique ids along a cycle, each needed by the next, the last by the first; nil when there is none.
  ///
  /// The search goes as dbt's does (depth first, in the order its graph library holds nodes and edges), so that both
  /// name the same cycle from the same start.
  public func findCycle() -> [String]? {
    if topologicalOrder() != nil { return nil }
    // Nodes in the order they enter dbt's graph: sources, then each resource followed by what it needs.
    var order: [Int32] = []
    var entered = IDSet(capacity: count)
    for id in 0..<Int32(count) {
      if entered.insert(id) { order.append(id) }
      for parent in parents[id] where entered.insert(parent) { order.append(parent) }
    }
    var state = [UInt8](repeating: 0, count: count)  // 1: on the path, 2: done
    for start in order where state[Int(start)] == 0 {
      var path: [(id: Int32, next: Int)] = [(start, 0)]
      state[Int(start)] = 1
      while let top = path.last {
        let targets = children[top.id]
        guard top.next < targets.count else {
          state[Int(top.id)] = 2
          path.removeLast()
          continue
        }
        path[path.count - 1].next += 1
        let target = targets[targets.startIndex + top.next]
        if state[Int(target)] == 1 {
          guard let begin = path.firstIndex(where: { $0.id == target }) else { return nil }
          return path[begin...].map { self[$0.id].uniqueID }
        }
        if state[Int(target)] == 0 {
          state[Int(target)] = 1
          path.append((target, 0))
        }
      }
    }
    return nil
  }
}
