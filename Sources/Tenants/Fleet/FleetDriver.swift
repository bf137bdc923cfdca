import Glibc

/// What a fleet's workers do: the part that connects, renders and executes.
///
/// `prepare`, `run`, `conclude` and `release` of one slot are always called on that slot's own thread, one after the
/// other; different slots' at the same time. `cancel` comes from another thread while the slot is at work.
public protocol FleetWork: Sendable {
  /// Connect the slot to the tenant's database, check it, provision it, run first hooks.
  func prepare(slot: Int, tenant: Int) -> FleetPreparation
  /// - Parameter connect: the slot is not connected to this tenant yet.
  func run(slot: Int, tenant: Int, node: Int, connect: Bool) -> FleetNodeResult
  /// Run last hooks, write artifacts. False: that failed.
  func conclude(slot: Int, tenant: Int) -> Bool
  /// Close the slot's connection.
  func release(slot: Int)
  /// Stop what the slot's connection is executing.
  func cancel(slot: Int)
  /// A node will not run. Called in order with `tenantEnded`, never two at once; must be quick.
  func skipped(tenant: Int, node: Int, because: Int?)
  func tenantEnded(tenant: Int, status: TenantStatus, counts: TenantCounts)
}

public enum FleetPreparation: Sendable, Equatable {
  case ready, failed
  /// Too many connections: the tenant waits and is prepared once more.
  case serverFull
  /// Nobody answers there: all of the server's tenants are given up.
  case serverDown
}

public enum FleetNodeResult: Sendable, Equatable {
  case ended(NodeOutcome)
  /// The node ended and its connection is gone.
  case connectionLost(NodeOutcome)
  /// The node could not begin: too many connections.
  case serverFull
}

/// Runs a `FleetScheduler` with threads, one for each slot.
///
/// `@unchecked Sendable`: all that changes is reached with `mutex` held.
public final class FleetDriver<Work: FleetWork>: @unchecked Sendable {
  private var scheduler: FleetScheduler
  private let work: Work
  private var mailboxes: [[FleetScheduler.Action]]
  private var ended = false
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  public init(_ scheduler: FleetScheduler, _ work: Work) {
    self.scheduler = scheduler
    self.work = work
    mailboxes = Array(repeating: [], count: scheduler.configuration.threads)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
    changed.initialize(to: pthread_cond_t())
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(changed)
    mutex.deallocate()
    changed.deallocate()
  }

  /// Runs the whole fleet; returns when every tenant has ended. Once only.
  /// - Parameter stackSize: bytes for each worker's stack (templates may nest deeply).
  /// - Returns: the scheduler at its end, with every tenant's status and counts.
  public func run(stackSize: Int = 16 << 20) -> FleetScheduler {
    // No more workers than there is work for.
    let most = scheduler.tenants.count * max(1, scheduler.configuration.threadsPerTenant)
    var threads: [FleetThread] = []
    for slot in 0..<min(mailboxes.count, max(1, most)) {
      guard let thread = FleetThread(stackSize: stackSize, { self.serve(slot) }) else { break }
      threads.append(thread)
    }
    locked { scheduler.limit(threads: threads.count) }
    send(.start)
    // No thread to be had at all: ours does.
    if threads.isEmpty { serve(0) }
    for thread in threads { thread.join() }
    return locked { scheduler }
  }

  /// Ctrl-C: nothing new begins, what runs is cancelled. From any thread.
  public func interrupt() { send(.interrupt) }

  /// Something of a tenant at work has failed. From any thread.
  public func failing(_ tenant: Int) { send(.failing(tenant: tenant)) }

  /// A copy for a progress display.
  public var snapshot: FleetScheduler { locked { scheduler } }

  private func send(_ event: FleetScheduler.Event) {
    let cancelled = locked { () -> [Int] in
      var cancelled: [Int] = []
      for action in scheduler.handle(event) {
        switch action {
        case .prepare(let slot, _), .run(let slot, _, _, _), .conclude(let slot, _), .release(let slot):
          mailboxes[slot].append(action)
        case .skip(let tenant, let node, let because):
          work.skipped(tenant: tenant, node: node, because: because)
        case .tenantEnded(let tenant, let status, let counts):
          work.tenantEnded(tenant: tenant, status: status, counts: counts)
        case .cancel(let slot): cancelled.append(slot)
        case .end: ended = true
        }
      }
      pthread_cond_broadcast(changed)
      return cancelled
    }
    // A cancel is a round trip to a server.
    for slot in cancelled { work.cancel(slot: slot) }
  }

  private func serve(_ slot: Int) {
    while let action = next(slot) {
      switch action {
      case .prepare(_, let tenant):
        switch work.prepare(slot: slot, tenant: tenant) {
        case .ready: send(.prepared(slot: slot, ok: true))
        case .failed: send(.prepared(slot: slot, ok: false))
        case .serverFull:
          pause()
          send(.serverFull(slot: slot))
        case .serverDown:
          let server = locked { scheduler.tenants[tenant].server }
          send(.prepared(slot: slot, ok: false, unreachable: true))
          send(.serverDown(server))
        }
      case .run(_, let tenant, let node, let connect):
        switch work.run(slot: slot, tenant: tenant, node: node, connect: connect) {
        case .ended(let outcome): send(.finished(slot: slot, outcome))
        case .connectionLost(let outcome): send(.finished(slot: slot, outcome, connectionLost: true))
        case .serverFull:
          pause()
          send(.serverFull(slot: slot))
        }
      case .conclude(_, let tenant): send(.concluded(slot: slot, ok: work.conclude(slot: slot, tenant: tenant)))
      case .release: work.release(slot: slot)
      case .skip, .tenantEnded, .cancel, .end: break
      }
    }
  }

  /// Waits for something to do; nil at the end.
  private func next(_ slot: Int) -> FleetScheduler.Action? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while mailboxes[slot].isEmpty {
      if ended { return nil }
      pthread_cond_wait(changed, mutex)
    }
    return mailboxes[slot].removeFirst()
  }

  /// A full server is not asked again at once.
  private func pause() { usleep(UInt32.random(in: 100_000...400_000)) }

  private func locked<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }
}

/// A plain thread with a stack of a chosen size: libpq blocks, and Swift's cooperative pool must not be.
struct FleetThread {
  private final class Box {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }

  private let id: pthread_t

  /// Nil when the system gives no more threads.
  init?(stackSize: Int, _ body: @escaping @Sendable () -> Void) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, stackSize)
    defer { pthread_attr_destroy(&attributes) }
    let box = Unmanaged.passRetained(Box(body)).toOpaque()
    var id = pthread_t()
    let result = pthread_create(
      &id, &attributes,
      { argument in
        if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, box)
    guard result == 0 else {
      Unmanaged<Box>.fromOpaque(box).release()
      return nil
    }
    self.id = id
  }

  func join() { pthread_join(id, nil) }
}
