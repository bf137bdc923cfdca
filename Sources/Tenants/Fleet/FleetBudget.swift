/// How the connections are shared out.
public struct FleetBudget: Equatable, Sendable {
  /// Nodes of one tenant at once.
  public let threadsPerTenant: Int
  public let tenantsAtOnce: Int
  /// The same for each server.
  public let tenantsOfServers: [Int]

  /// - Parameters:
  ///   - wanted: connections for all tenants together.
  ///   - threadsPerTenant: as asked for; nil: as many as there is room for, up to the profile's.
  ///   - creates: tenants are made, which takes two further connections while it lasts.
  ///   - servers: how many connections each can give.
  public init(
    wanted: Int, threadsPerTenant: Int?, profileThreads: Int, tenants: Int, creates: Bool, servers: [Int]
  ) {
    let making = creates ? 2 : 0
    let wanted = max(1, wanted)
    let share = wanted / max(1, tenants)
    // Several threads need a further connection, for schemas and hooks; one thread does with one.
    let threads = max(1, threadsPerTenant ?? min(profileThreads, share - 1))
    let connections = (threads > 1 ? threads + 1 : 1) + making
    self.threadsPerTenant = threads
    // One connection is kept back, for what marks say of the runs.
    tenantsOfServers = servers.map { max(1, ($0 - 1) / connections) }
    tenantsAtOnce = max(
      1, min(wanted / (connections - making), tenantsOfServers.reduce(0, +), tenants))
  }
}
