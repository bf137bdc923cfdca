/// Who runs what next, for many tenants side by side: a pure state machine.
///
/// A slot is a worker with at most one connection. The scheduler is told what happened (`handle`) and answers with what
/// to do; it does no I/O, knows no clock, and gives the same answers to the same events.
///
/// Fairness: a free slot goes to the tenant with the fewest slots at work, and a tenant that waits counts as one with
/// none. While there are more tenants than slots, each slot thus takes one tenant through all its nodes over one
/// connection; when tenants run out, the free slots help those that are left.
public struct FleetScheduler: Sendable {
  private enum Work: Sendable, Equatable { case prepare, node(Int), conclude }

  private struct Slot: Sendable {
    var work: Work?
    /// Whose database it is connected to.
    var tenant: Int?
  }

  public let graph: FleetGraph
  public let tenants: [Tenant]
  public private(set) var configuration: Configuration
  public private(set) var status: [TenantStatus]
  public private(set) var counts: [TenantCounts]

  private var slots: [Slot]
  private var progress: [Int: TenantProgress] = [:]
  /// Tenants under way, in the order they began.
  private var active: [Int] = []
  /// For each server, the tenants that have not begun, the next one last.
  private var queues: [[Int]]
  /// Canaries that have not ended; the rest waits in `held` meanwhile.
  private var canariesLeft: Int
  private var held: [Int] = []
  /// Tenants whose nodes could not begin, and what that makes of them.
  private var failedPrepare: [Int: TenantStatus] = [:]
  /// Tenants with a failure of their own, not of the fleet's end.
  private var failing: Set<Int> = []
  /// No more work is begun for anybody.
  private var stopping: Bool
  private var interrupted = false
  private var ended = false

  public init(graph: FleetGraph, tenants: [Tenant], configuration: Configuration) {
    self.graph = graph
    self.tenants = tenants
    var configuration = configuration
    configuration.threads = max(1, configuration.threads)
    configuration.threadsPerTenant = max(1, configuration.threadsPerTenant)
    configuration.servers = configuration.servers.map { max(1, $0) }
    self.configuration = configuration
    status = tenants.map { _ in .waiting }
    counts = tenants.map { _ in TenantCounts() }
    slots = Array(repeating: Slot(), count: configuration.threads)
    queues = configuration.servers.map { _ in [] }
    let first = configuration.canaries > 0 ? min(configuration.canaries, tenants.count) : tenants.count
    canariesLeft = first < tenants.count ? first : 0
    stopping = false
    held = Array(tenants.indices.dropFirst(first))
    for tenant in (0..<first).reversed() { queues[tenants[tenant].server].append(tenant) }
  }

  /// Fewer slots than configured; before the start only.
  public mutating func limit(threads: Int) {
    guard slots.allSatisfy({ $0.work == nil && $0.tenant == nil }), threads < slots.count else { return }
    configuration.threads = max(1, threads)
    slots.removeLast(slots.count - configuration.threads)
  }

  public var isEnded: Bool { ended }

  /// Slots at work.
  public var runningSlots: Int { slots.count { $0.work != nil } }

  /// For the board: the tenants under way, with how many of their nodes have ended.
  public var underWay: [(tenant: Int, ended: Int, running: Int)] {
    active.map { ($0, graph.count - (progress[$0]?.left ?? 0), progress[$0]?.running ?? 0) }
  }

  // MARK: - Events

  public mutating func handle(_ event: Event) -> [Action] {
    guard !ended else { return [] }
    var actions: [Action] = []
    switch event {
    case .start: endComplete(&actions)
    case .prepared(let slot, let ok, let unreachable): prepared(slot, ok, unreachable, &actions)
    case .finished(let slot, let outcome, let lost): finished(slot, outcome, lost, &actions)
    case .failing(let tenant): fail(tenant, &actions)
    case .concluded(let slot, let ok): concluded(slot, ok, &actions)
    case .serverFull(let slot): serverFull(slot)
    case .serverDown(let server): serverDown(server, &actions)
    case .interrupt: interrupt(&actions)
    }
    fill(&actions)
    if slots.allSatisfy({ $0.work == nil }), active.isEmpty, queues.allSatisfy(\.isEmpty), held.isEmpty {
      for slot in slots.indices { release(slot, &actions) }
      ended = true
      actions.append(.end)
    }
    return actions
  }

  /// Tenants that an earlier run has brought to their end.
  private mutating func endComplete(_ actions: inout [Action]) {
    for tenant in tenants.indices where status[tenant] == .waiting && tenants[tenant].concluded {
      let done = tenants[tenant].done.filter { graph.dependencies.indices.contains($0.key) && $0.value.letsOthersRun }
      guard done.count == graph.count else { continue }
      for outcome in done.values { counts[tenant].add(outcome) }
      status[tenant] = counts[tenant].warn > 0 ? .warn : .success
      queues[tenants[tenant].server].removeAll { $0 == tenant }
      held.removeAll { $0 == tenant }
      actions.append(.tenantEnded(tenant: tenant, status[tenant], counts[tenant]))
      canaryEnded(tenant, &actions)
    }
  }

  private mutating func prepared(_ slot: Int, _ ok: Bool, _ unreachable: Bool, _ actions: inout [Action]) {
    guard let tenant = slots[slot].tenant, slots[slot].work == .prepare else { return }
    freeSlot(slot, tenant)
    guard ok else {
      slots[slot].tenant = nil
      failedPrepare[tenant] = unreachable ? .unreachable : .error
      endTenant(tenant, &actions)
      return
    }
    progress[tenant]?.phase = .running
    if stopping { abandon(tenant, &actions) }
  }

  private mutating func finished(_ slot: Int, _ outcome: NodeOutcome, _ lost: Bool, _ actions: inout [Action]) {
    guard let tenant = slots[slot].tenant, case .node(let node) = slots[slot].work else { return }
    freeSlot(slot, tenant)
    if lost { slots[slot].tenant = nil }
    counts[tenant].add(outcome)
    for (other, because) in progress[tenant]?.finish(node, outcome, graph) ?? [] {
      counts[tenant].skipped += 1
      actions.append(.skip(tenant: tenant, node: other, because: because))
    }
    if outcome == .error {
      fail(tenant, &actions)
      if configuration.failFast || stopping { abandon(tenant, &actions) }
    }
  }

  private mutating func concluded(_ slot: Int, _ ok: Bool, _ actions: inout [Action]) {
    guard let tenant = slots[slot].tenant, slots[slot].work == .conclude else { return }
    freeSlot(slot, tenant)
    if !ok { counts[tenant].error += 1 }
    endTenant(tenant, &actions)
  }

  /// The limit becomes what was possible, and the work waits its turn again.
  private mutating func serverFull(_ slot: Int) {
    guard let tenant = slots[slot].tenant, let work = slots[slot].work else { return }
    let server = tenants[tenant].server
    let others = slots.indices.count { $0 != slot && slots[$0].tenant.map { tenants[$0].server } == server }
    configuration.servers[server] = max(1, others)
    freeSlot(slot, tenant)
    slots[slot].tenant = nil
    switch work {
    case .prepare:
      progress[tenant] = nil
      active.removeAll { $0 == tenant }
      status[tenant] = .waiting
      if stopping { held.append(tenant) } else { queues[server].append(tenant) }
    case .node(let node): progress[tenant]?.putBack(node, graph)
    case .conclude: break
    }
  }

  private mutating func serverDown(_ server: Int, _ actions: inout [Action]) {
    guard queues.indices.contains(server) else { return }
    let waiting = queues[server].reversed() + held.filter { tenants[$0].server == server }
    queues[server] = []
    held.removeAll { tenants[$0].server == server }
    for tenant in waiting { giveUp(tenant, .unreachable, &actions) }
    for tenant in active where tenants[tenant].server == server { abandon(tenant, &actions) }
    for slot in slots.indices where slots[slot].work == nil {
      if let tenant = slots[slot].tenant, tenants[tenant].server == server { release(slot, &actions) }
    }
  }

  private mutating func interrupt(_ actions: inout [Action]) {
    guard !interrupted else { return }
    interrupted = true
    stopFleet(&actions)
    cancel(&actions)
  }

  /// The first failure of a fleet that is to end with it; what fails after that, fails because of it.
  private mutating func fail(_ tenant: Int, _ actions: inout [Action]) {
    guard !stopping, !status[tenant].isFinal else { return }
    failing.insert(tenant)
    guard configuration.fleetFailFast else { return }
    stopFleet(&actions)
    cancel(&actions)
  }

  private func cancel(_ actions: inout [Action]) {
    for slot in slots.indices where slots[slot].work != nil { actions.append(.cancel(slot: slot)) }
  }

  /// Nothing new begins; what has not begun is given up.
  private mutating func stopFleet(_ actions: inout [Action]) {
    guard !stopping else { return }
    stopping = true
    let waiting = queues.flatMap { $0.reversed() } + held
    queues = queues.map { _ in [] }
    held = []
    for tenant in waiting.sorted() { giveUp(tenant, .notRun, &actions) }
    for tenant in active { abandon(tenant, &actions) }
  }

  // MARK: - Tenants

  private mutating func abandon(_ tenant: Int, _ actions: inout [Action]) {
    // While it is being prepared its nodes have not begun: they are given up when that has ended.
    guard progress[tenant]?.phase == .running else { return }
    for node in progress[tenant]?.abandon() ?? [] {
      counts[tenant].skipped += 1
      actions.append(.skip(tenant: tenant, node: node, because: nil))
    }
  }

  private mutating func giveUp(_ tenant: Int, _ how: TenantStatus, _ actions: inout [Action]) {
    status[tenant] = how
    counts[tenant].skipped += graph.count - tenants[tenant].done.count { $0.value.letsOthersRun }
    actions.append(.tenantEnded(tenant: tenant, how, counts[tenant]))
    canaryEnded(tenant, &actions)
  }

  private mutating func endTenant(_ tenant: Int, _ actions: inout [Action]) {
    if let status = failedPrepare[tenant] {
      counts[tenant].skipped += progress[tenant]?.abandon().count ?? 0
      self.status[tenant] = interrupted ? .interrupted : status
    } else if interrupted, counts[tenant].skipped > 0 || counts[tenant].error > 0 {
      status[tenant] = .interrupted
    } else if stopping, !failing.contains(tenant), counts[tenant].skipped > 0 || counts[tenant].error > 0 {
      // Stopped by another tenant's failure, with nothing wrong of its own.
      status[tenant] = .cancelled
    } else if counts[tenant].error > 0 || counts[tenant].skipped > 0 {
      status[tenant] = .error
    } else {
      status[tenant] = counts[tenant].warn > 0 ? .warn : .success
    }
    progress[tenant] = nil
    active.removeAll { $0 == tenant }
    actions.append(.tenantEnded(tenant: tenant, status[tenant], counts[tenant]))
    canaryEnded(tenant, &actions)
    if configuration.fleetFailFast, status[tenant].isFailure, !stopping {
      stopFleet(&actions)
      cancel(&actions)
    }
  }

  private mutating func canaryEnded(_ tenant: Int, _ actions: inout [Action]) {
    guard canariesLeft > 0, tenant < configuration.canaries else { return }
    canariesLeft -= 1
    guard canariesLeft == 0 else { return }
    let waiting = held
    held = []
    // All canaries have ended: their own states say whether to go on.
    if stopping || (0..<configuration.canaries).contains(where: { status[$0].isFailure }) {
      for tenant in waiting { giveUp(tenant, .notRun, &actions) }
    } else {
      for tenant in waiting.reversed() { queues[tenants[tenant].server].append(tenant) }
    }
  }

  // MARK: - Slots

  private mutating func freeSlot(_ slot: Int, _ tenant: Int) {
    slots[slot].work = nil
    progress[tenant]?.running -= 1
  }

  private mutating func release(_ slot: Int, _ actions: inout [Action]) {
    guard slots[slot].work == nil, slots[slot].tenant != nil else { return }
    slots[slot].tenant = nil
    actions.append(.release(slot: slot))
  }

  /// Gives work to free slots while there are both.
  private mutating func fill(_ actions: inout [Action]) {
    // A tenant that has nothing left but its conclusion is ended even when no more work is begun.
    while let choice = nextChoice() {
      let (slot, tenant) = choice
      let connect = slots[slot].tenant != tenant
      slots[slot].tenant = tenant
      if progress[tenant] == nil {
        queues[tenants[tenant].server].removeAll { $0 == tenant }
        active.append(tenant)
        status[tenant] = .running
        progress[tenant] = TenantProgress(graph, done: tenants[tenant].done)
        for outcome in tenants[tenant].done.values where outcome.letsOthersRun { counts[tenant].add(outcome) }
        begin(slot, tenant, .prepare)
        actions.append(.prepare(slot: slot, tenant: tenant))
      } else if let node = progress[tenant]?.takeReady() {
        begin(slot, tenant, .node(node))
        actions.append(.run(slot: slot, tenant: tenant, node: node, connect: connect))
      } else {
        progress[tenant]?.phase = .concluding
        begin(slot, tenant, .conclude)
        actions.append(.conclude(slot: slot, tenant: tenant))
      }
    }
  }

  private mutating func begin(_ slot: Int, _ tenant: Int, _ work: Work) {
    slots[slot].work = work
    progress[tenant]?.running += 1
  }

  /// What a tenant under way could do with another slot.
  private func canUseSlot(_ tenant: Int) -> Bool {
    guard let state = progress[tenant] else { return false }
    switch state.phase {
    case .preparing, .concluding: return state.running == 0
    case .running:
      return state.hasReady ? state.running < configuration.threadsPerTenant : state.left == 0 && state.running == 0
    }
  }

  private func nextChoice() -> (slot: Int, tenant: Int)? {
    let free = slots.indices.filter { slots[$0].work == nil }
    guard !free.isEmpty else { return nil }
    // 1. A slot goes on with its own tenant if that has nobody else at work: no connection is opened.
    for slot in free {
      if let tenant = slots[slot].tenant, progress[tenant]?.running == 0, canUseSlot(tenant) { return (slot, tenant) }
    }
    // 2. A tenant under way that nobody works for; 3. one that has not begun; 4. the one with the fewest slots.
    var fewest: (running: Int, tenant: Int)?
    for tenant in active where canUseSlot(tenant) {
      let running = progress[tenant]?.running ?? 0
      if let best = fewest, best.running <= running { continue }
      if slotFor(tenant, free) != nil { fewest = (running, tenant) }
    }
    if let fewest, fewest.running == 0, let slot = slotFor(fewest.tenant, free) { return (slot, fewest.tenant) }
    if !stopping, let tenant = nextWaiting(free), let slot = slotFor(tenant, free) { return (slot, tenant) }
    if let fewest, let slot = slotFor(fewest.tenant, free) { return (slot, fewest.tenant) }
    return nil
  }

  /// The first waiting tenant of the server that has the greatest share of its limit free.
  private func nextWaiting(_ free: [Int]) -> Int? {
    var best: (share: Double, tenant: Int)?
    for server in queues.indices {
      guard let tenant = queues[server].last, slotFor(tenant, free) != nil else { continue }
      let share = Double(connections(server)) / Double(configuration.servers[server])
      if let current = best, (current.share, current.tenant) <= (share, tenant) { continue }
      best = (share, tenant)
    }
    return best?.tenant
  }

  /// A free slot the tenant may use: one connected to it, else one without a connection, else one connected elsewhere
  /// (which it closes), as the server's limit allows.
  private func slotFor(_ tenant: Int, _ free: [Int]) -> Int? {
    if let own = free.first(where: { slots[$0].tenant == tenant }) { return own }
    let server = tenants[tenant].server
    let sameServer = free.first { slots[$0].tenant.map { tenants[$0].server } == server }
    if connections(server) >= configuration.servers[server] { return sameServer }
    return free.first { slots[$0].tenant == nil } ?? sameServer ?? free.first
  }

  /// Connections to a server that slots hold, at work or not.
  private func connections(_ server: Int) -> Int {
    slots.count { $0.tenant.map { tenants[$0].server } == server }
  }
}
