/// How a node ended, for one tenant.
public enum NodeOutcome: String, Sendable, Equatable {
  case success, warn, error, skipped

  /// What depends on the node may run.
  public var letsOthersRun: Bool { self == .success || self == .warn }
}

/// How a tenant ended.
public enum TenantStatus: String, Sendable, Equatable {
  case waiting, running, success, warn, error
  /// Its server could not be reached.
  case unreachable
  /// Never begun: the canaries failed, the fleet stopped at a failure, or it was interrupted.
  case notRun = "not_run"
  /// Begun, and stopped by the user.
  case interrupted
  /// Begun, and stopped because another tenant failed (`--fleet-fail-fast`).
  case cancelled

  public var isFinal: Bool { self != .waiting && self != .running }
  public var isFailure: Bool {
    self == .error || self == .unreachable || self == .interrupted || self == .cancelled || self == .notRun
  }
}

public struct TenantCounts: Sendable, Equatable {
  public var success = 0
  public var warn = 0
  public var error = 0
  public var skipped = 0

  public init(success: Int = 0, warn: Int = 0, error: Int = 0, skipped: Int = 0) {
    self.success = success
    self.warn = warn
    self.error = error
    self.skipped = skipped
  }

  mutating func add(_ outcome: NodeOutcome) {
    switch outcome {
    case .success: success += 1
    case .warn: warn += 1
    case .error: error += 1
    case .skipped: skipped += 1
    }
  }

  public var total: Int { success + warn + error + skipped }
}

/// One tenant's way through the graph, while it is under way.
struct TenantProgress {
  enum Phase: Equatable { case preparing, running, concluding }

  var phase = Phase.preparing
  /// Slots at work for this tenant.
  var running = 0
  /// For each node: dependencies that have not ended yet; -1 for a node that has ended or was begun.
  private var waitingFor: [Int32]
  /// Nodes that may begin, the most urgent last.
  private var ready: [Int] = []
  private(set) var left: Int
  /// Nodes whose dependants are not to run.
  private var blocked: Set<Int> = []

  /// - Parameter done: outcomes of an earlier run that count; those nodes do not run again.
  init(_ graph: FleetGraph, done: [Int: NodeOutcome]) {
    waitingFor = graph.dependencies.map { Int32($0.count) }
    left = graph.count
    for (node, outcome) in done where outcome.letsOthersRun && waitingFor.indices.contains(node) {
      waitingFor[node] = -1
      left -= 1
      for other in graph.dependents[node] where waitingFor[other] > 0 { waitingFor[other] -= 1 }
    }
    for node in waitingFor.indices where waitingFor[node] == 0 { insert(node, graph) }
  }

  var hasReady: Bool { !ready.isEmpty }

  mutating func takeReady() -> Int? {
    guard let node = ready.popLast() else { return nil }
    waitingFor[node] = -1
    return node
  }

  /// A node that was begun is to begin again.
  mutating func putBack(_ node: Int, _ graph: FleetGraph) {
    waitingFor[node] = 0
    insert(node, graph)
  }

  /// A node has ended. Dependants become ready, or are skipped with all that depends on them.
  /// - Returns: the nodes skipped, each with the node it is skipped for.
  mutating func finish(_ node: Int, _ outcome: NodeOutcome, _ graph: FleetGraph) -> [(node: Int, because: Int)] {
    left -= 1
    var skipped: [(node: Int, because: Int)] = []
    var ended = [(node, outcome.letsOthersRun)]
    while let (current, letsOthersRun) = ended.popLast() {
      for other in graph.dependents[current] where waitingFor[other] > 0 {
        waitingFor[other] -= 1
        if !letsOthersRun { blocked.insert(other) }
        // Only when all have ended: a node is skipped once, whatever the order its dependencies end in.
        guard waitingFor[other] == 0 else { continue }
        if blocked.contains(other) {
          waitingFor[other] = -1
          left -= 1
          skipped.append((other, current))
          ended.append((other, false))
        } else {
          insert(other, graph)
        }
      }
    }
    return skipped
  }

  /// Gives up on everything that has not begun.
  mutating func abandon() -> [Int] {
    let given = waitingFor.indices.filter { waitingFor[$0] >= 0 }
    for node in given { waitingFor[node] = -1 }
    left -= given.count
    ready = []
    return given
  }

  private mutating func insert(_ node: Int, _ graph: FleetGraph) {
    // Sorted by urgency; among equals the lower number, that is the order of the graph, goes first.
    var low = 0
    var high = ready.count
    while low < high {
      let middle = (low + high) / 2
      let other = ready[middle]
      if (graph.priority[other], -other) < (graph.priority[node], -node) { low = middle + 1 } else { high = middle }
    }
    ready.insert(node, at: low)
  }
}
