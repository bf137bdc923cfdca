/// What the scheduler is told, and what it answers.
extension FleetScheduler {
  public struct Tenant: Sendable {
    public var name: TenantName
    /// An index into `Configuration.servers`.
    public var server: Int
    /// What an earlier run has done already (`--resume`).
    public var done: [Int: NodeOutcome]
    /// The earlier run also concluded it: with all nodes done there is nothing left to do, not even to connect.
    public var concluded: Bool

    public init(_ name: TenantName, server: Int = 0, done: [Int: NodeOutcome] = [:], concluded: Bool = false) {
      self.name = name
      self.server = server
      self.done = done
      self.concluded = concluded
    }
  }

  public struct Configuration: Sendable {
    /// Slots, for all servers together (`--fleet-threads`).
    public var threads: Int
    /// The most slots one tenant gets (`--threads`).
    public var threadsPerTenant: Int
    /// For each server the most connections to it at once.
    public var servers: [Int]
    /// Stop the whole fleet at the first tenant that fails: nothing more begins, what runs is cancelled.
    public var fleetFailFast = false
    /// Stop a tenant at its first node that fails.
    public var failFast = false
    /// How many of the first tenants must succeed before the others begin; 0: all begin.
    public var canaries = 0

    public init(threads: Int, threadsPerTenant: Int = 4, servers: [Int] = [.max]) {
      self.threads = threads
      self.threadsPerTenant = threadsPerTenant
      self.servers = servers
    }
  }

  /// What happened.
  public enum Event: Sendable, Equatable {
    /// The beginning.
    case start
    /// The slot's tenant is connected, checked and provisioned (or not: it is then given up).
    case prepared(slot: Int, ok: Bool, unreachable: Bool = false)
    /// The slot's node has ended. `connectionLost`: the slot has no connection any more.
    case finished(slot: Int, NodeOutcome, connectionLost: Bool = false)
    /// Something of a tenant at work has failed, and the rest of it goes on: known before the tenant's end.
    case failing(tenant: Int)
    /// The slot's tenant has run its last hooks and written its artifacts.
    case concluded(slot: Int, ok: Bool)
    /// The slot could not get a connection because the server has too many: less at once, and once more. (Said after a
    /// pause, since the work may be given out again at once.)
    case serverFull(slot: Int)
    /// A server is gone: its tenants are given up.
    case serverDown(Int)
    /// Ctrl-C.
    case interrupt
  }

  /// What to do.
  public enum Action: Sendable, Equatable {
    /// Connect the slot to the tenant's database (closing what it had), check it, run what comes first.
    case prepare(slot: Int, tenant: Int)
    /// `connect`: the slot is not connected to this tenant yet.
    case run(slot: Int, tenant: Int, node: Int, connect: Bool)
    case skip(tenant: Int, node: Int, because: Int?)
    /// Run last hooks, write the tenant's artifacts.
    case conclude(slot: Int, tenant: Int)
    case tenantEnded(tenant: Int, TenantStatus, TenantCounts)
    /// Close the slot's connection: nothing is left for it to do.
    case release(slot: Int)
    /// Cancel the slot's statement.
    case cancel(slot: Int)
    /// All is done; nothing follows.
    case end
  }
}
