/// What every tenant of a fleet runs: nodes as numbers, the same for all.
public struct FleetGraph: Sendable {
  public let dependencies: [[Int]]
  public let dependents: [[Int]]
  /// The longest way to an end, in nodes: what many others wait for goes first.
  public let priority: [Int]

  /// - Parameters:
  ///   - dependencies: for each node the nodes that must succeed before it; without cycles.
  ///   - weights: how long each node takes, if known, in any unit; by default all take the same.
  /// - Returns: nil when there is a cycle or a number that is no node.
  public init?(dependencies: [[Int]], weights: [Int]? = nil) {
    var dependents = [[Int]](repeating: [], count: dependencies.count)
    for (node, needed) in dependencies.enumerated() {
      for other in needed {
        guard dependencies.indices.contains(other) else { return nil }
        dependents[other].append(node)
      }
    }
    var left = dependencies.map(\.count)
    var order = left.indices.filter { left[$0] == 0 }
    var next = 0
    while next < order.count {
      for other in dependents[order[next]] {
        left[other] -= 1
        if left[other] == 0 { order.append(other) }
      }
      next += 1
    }
    guard order.count == dependencies.count else { return nil }
    var priority = weights ?? [Int](repeating: 1, count: dependencies.count)
    guard priority.count == dependencies.count else { return nil }
    for node in order.reversed() {
      priority[node] += dependents[node].map { priority[$0] }.max() ?? 0
    }
    self.dependencies = dependencies
    self.dependents = dependents
    self.priority = priority
  }

  public var count: Int { dependencies.count }
}
