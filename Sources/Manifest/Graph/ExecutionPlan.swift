/// A selection in the order it can run: the subset of the graph with the selected resources, where what was between
/// two selected ones still keeps them apart (dbt's `get_subset_graph`).
///
/// Resources that are not selected but lie on a path between selected ones stay in the plan as *links*: they take no
/// time and no one sees them. That keeps the plan linear in size, where explicit edges across them could square it.
public struct ExecutionPlan: Sendable {
  /// The graph's number of each member; selected ones and links, in topological order.
  public let members: [Int32]
  public let isLink: [Bool]
  /// Over positions in `members`.
  public let children: Adjacency
  public let parents: Adjacency
  /// How many selected ones come before it on the longest path: dbt starts lower ones first, equal ones by id.
  public let levels: [Int32]
  /// How many selected ones are on the longest path from here, itself included: what to start first when the
  /// critical path counts.
  public let criticalPath: [Int32]
  /// Position by the order dbt's queue would give: by level, then unique id. Links come last.
  public let ranks: [Int32]
  public let selectedCount: Int

  /// - Parameters:
  ///   - extra: further edges in graph numbers, such as `Graph.testEdges()`.
  ///   - detached: members that wait for nothing but what `extra` says.
  ///   - preservesEdges: false runs everything at once (dbt's `test` and `clone` do).
  public init(
    _ graph: Graph, selected: IDSet, extra: [(test: Int32, waiting: Int32)] = [],
    detached: Set<Int32> = [], preservesEdges: Bool = true
  ) {
    var children = graph.children
    var parents = graph.parents
    if !extra.isEmpty {
      var from: [Int32] = []
      var to: [Int32] = []
      for id in 0..<Int32(graph.count) {
        for child in graph.children[id] where !detached.contains(child) {
          from.append(id)
          to.append(child)
        }
      }
      for edge in extra {
        from.append(edge.test)
        to.append(edge.waiting)
      }
      children = Adjacency(count: graph.count, from: from, to: to)
      parents = Adjacency(count: graph.count, from: to, to: from)
    }
    let kept = preservesEdges ? Self.between(graph.count, selected, children, parents) : selected
    let order = Self.order(kept, children, parents)
    var position = [Int32](repeating: -1, count: graph.count)
    for (i, id) in order.enumerated() { position[Int(id)] = Int32(i) }
    var from: [Int32] = []
    var to: [Int32] = []
    if preservesEdges {
      for (i, id) in order.enumerated() {
        for child in children[id] where position[Int(child)] >= 0 {
          from.append(Int32(i))
          to.append(position[Int(child)])
        }
      }
    }
    members = order
    isLink = order.map { !selected.contains($0) }
    self.children = Adjacency(count: order.count, from: from, to: to)
    self.parents = Adjacency(count: order.count, from: to, to: from)
    var levels = [Int32](repeating: 0, count: order.count)
    var critical = [Int32](repeating: 0, count: order.count)
    for i in order.indices {
      let below = levels[i] + (isLink[i] ? 0 : 1)
      for child in self.children[Int32(i)] { levels[Int(child)] = max(levels[Int(child)], below) }
    }
    for i in order.indices.reversed() {
      var longest: Int32 = 0
      for child in self.children[Int32(i)] { longest = max(longest, critical[Int(child)]) }
      critical[i] = longest + (isLink[i] ? 0 : 1)
    }
    self.levels = levels
    criticalPath = critical
    let links = isLink
    selectedCount = links.reduce(0) { $0 + ($1 ? 0 : 1) }
    let byRank = order.indices.sorted { a, b in
      if links[a] != links[b] { return !links[a] }
      if levels[a] != levels[b] { return levels[a] < levels[b] }
      return isOrdered(graph[order[a]].uniqueID, graph[order[b]].uniqueID)
    }
    var ranks = [Int32](repeating: 0, count: order.count)
    for (rank, i) in byRank.enumerated() { ranks[i] = Int32(rank) }
    self.ranks = ranks
  }

  /// The selected ones and everything with a selected one both before and after it.
  private static func between(_ count: Int, _ selected: IDSet, _ children: Adjacency, _ parents: Adjacency) -> IDSet {
    func reach(_ edges: Adjacency) -> IDSet {
      var found = IDSet(capacity: count)
      var queue = selected.members
      var next = 0
      while next < queue.count {
        for target in edges[queue[next]] where found.insert(target) { queue.append(target) }
        next += 1
      }
      return found
    }
    var out = reach(children)
    out.formIntersection(reach(parents))
    out.formUnion(selected)
    return out
  }

  private static func order(_ kept: IDSet, _ children: Adjacency, _ parents: Adjacency) -> [Int32] {
    let members = kept.members
    var waiting = [Int32](repeating: 0, count: kept.capacity)
    for id in members { waiting[Int(id)] = Int32(parents[id].count { kept.contains($0) }) }
    var order = members.filter { waiting[Int($0)] == 0 }
    var next = 0
    while next < order.count {
      for child in children[order[next]] where kept.contains(child) {
        waiting[Int(child)] -= 1
        if waiting[Int(child)] == 0 { order.append(child) }
      }
      next += 1
    }
    return order
  }

  /// The selected members that need a position, directly or not: what is skipped when it fails.
  public func dependents(of position: Int32) -> [Int32] {
    var found = IDSet(capacity: members.count)
    var queue = [position]
    var next = 0
    while next < queue.count {
      for child in children[queue[next]] where found.insert(child) { queue.append(child) }
      next += 1
    }
    return found.members.filter { !isLink[Int($0)] }
  }
}

/// Hands out the positions of a plan as they become ready. A pure state machine: whoever uses it from several
/// threads brings the lock.
public struct ExecutionQueue: Sendable {
  /// Which of the ready ones comes first.
  public enum Priority: Sendable {
    /// By level, then unique id, as dbt does.
    case level
    /// Longest remaining path first, then as dbt does.
    case criticalPath
  }

  public let plan: ExecutionPlan
  private var waiting: [Int32]
  /// A binary heap of positions, the first to run on top.
  private var heap: [Int32] = []
  private let keys: [UInt64]
  /// Handed out or ready, not finished yet, and those still waiting.
  public private(set) var unfinished: Int

  public init(_ plan: ExecutionPlan, priority: Priority = .level) {
    self.plan = plan
    waiting = plan.members.indices.map { Int32(plan.parents.degree(Int32($0))) }
    unfinished = plan.selectedCount
    keys = plan.members.indices.map { i in
      let rank = UInt64(UInt32(plan.ranks[i]))
      guard priority == .criticalPath else { return rank }
      return UInt64(UInt32.max - UInt32(plan.criticalPath[i])) << 32 | rank
    }
    for i in plan.members.indices where waiting[i] == 0 { ready(Int32(i)) }
  }

  /// The next position to run; nil when none is ready now.
  public mutating func next() -> Int32? {
    guard let top = heap.first else { return nil }
    let last = heap.removeLast()
    if !heap.isEmpty {
      heap[0] = last
      sink(0)
    }
    return top
  }

  /// Says that a position is done (or skipped), which may make others ready.
  public mutating func finish(_ position: Int32) {
    unfinished -= 1
    release(position)
  }

  private mutating func release(_ position: Int32) {
    var done = [position]
    while let last = done.popLast() {
      for child in plan.children[last] {
        waiting[Int(child)] -= 1
        guard waiting[Int(child)] == 0 else { continue }
        if plan.isLink[Int(child)] { done.append(child) } else { push(child) }
      }
    }
  }

  private mutating func ready(_ position: Int32) {
    if plan.isLink[Int(position)] { release(position) } else { push(position) }
  }

  private mutating func push(_ position: Int32) {
    heap.append(position)
    var i = heap.count - 1
    while i > 0, keys[Int(heap[i])] < keys[Int(heap[(i - 1) / 2])] {
      heap.swapAt(i, (i - 1) / 2)
      i = (i - 1) / 2
    }
  }

  private mutating func sink(_ start: Int) {
    var i = start
    while true {
      var least = i
      var child = 2 * i + 1
      while child <= 2 * i + 2, child < heap.count {
        if keys[Int(heap[child])] < keys[Int(heap[least])] { least = child }
        child += 1
      }
      if least == i { return }
      heap.swapAt(i, least)
      i = least
    }
  }
}
