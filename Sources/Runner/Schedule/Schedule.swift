import Manifest

/// What to run next, what to skip and when to stop: a state machine without threads, clocks or a database.
struct Schedule {
  enum Step {
    /// Run this position; its number in the log's count.
    case run(Int32, GraphResource, index: Int)
    /// Report as skipped, because of what is named.
    case skip(Int32, GraphResource, index: Int, cause: GraphResource?)
    /// Nothing is ready now.
    case wait
    case done
  }

  /// Which ends of a node make what depends on it be skipped.
  enum Propagation {
    case none
    /// A model that failed (`run`, `seed`, `snapshot`).
    case errors
    /// Also a failed test and what was itself skipped (`build`).
    case errorsAndFailures
  }

  private var queue: ExecutionQueue
  private let graph: Graph
  private let propagation: Propagation
  private let failsFast: Bool
  /// Positions to skip and why.
  private var skips: [Int32: GraphResource?] = [:]
  private(set) var started = 0
  private(set) var stopped = false
  private(set) var running = 0

  init(_ queue: ExecutionQueue, graph: Graph, propagation: Propagation, failsFast: Bool) {
    self.queue = queue
    self.graph = graph
    self.propagation = propagation
    self.failsFast = failsFast
  }

  func resource(_ position: Int32) -> GraphResource { graph[queue.plan.members[Int(position)]] }

  mutating func next() -> Step {
    guard let position = queue.next() else { return queue.unfinished == 0 || (stopped && running == 0) ? .done : .wait }
    // Ephemeral models are part of others: they are not counted.
    let resource = resource(position)
    if !((resource as? Node)?.isEphemeralModel ?? false) { started += 1 }
    running += 1
    if let cause = skips[position] { return .skip(position, resource, index: started, cause: cause) }
    if stopped { return .skip(position, resource, index: started, cause: nil) }
    return .run(position, resource, index: started)
  }

  /// Takes a result in.
  mutating func finish(_ position: Int32, _ status: NodeStatus) {
    running -= 1
    let marks =
      switch propagation {
      case .none: false
      case .errors: status == .error || status == .partialSuccess
      case .errorsAndFailures: [.error, .fail, .skipped, .partialSuccess].contains(status)
      }
    if marks {
      let cause = resource(position)
      for dependent in queue.plan.dependents(of: position) where skips[dependent] == nil { skips[dependent] = cause }
    }
    if failsFast, status == .error || status == .fail || status == .partialSuccess { stopped = true }
    queue.finish(position)
  }

  /// Starts nothing more.
  mutating func stop() { stopped = true }
}
