import Diagnostics
import Postgres

/// Which server each tenant lives on, when there are several (`servers:` in the profile).
///
/// The registry comes first: a tenant stays where its database is. Then the first pattern that matches, in the order of
/// the servers; then the server without patterns that has the fewest tenants.
public struct FleetPlacement: Sendable {
  public struct Server: Sendable {
    public var name: String
    public var parameters: ConnectionParameters
    /// Globs of tenants' names. None: any tenant.
    public var patterns: [String]
    /// The most connections to it at once; nil: what the server allows.
    public var connectionLimit: Int?

    public init(
      name: String, parameters: ConnectionParameters, patterns: [String] = [], connectionLimit: Int? = nil
    ) {
      self.name = name
      self.parameters = parameters
      self.patterns = patterns
      self.connectionLimit = connectionLimit
    }
  }

  public let servers: [Server]
  /// For each server, the tenants its marks name; nil for a server that does not answer.
  private let registered: [Set<String>?]

  /// - Parameter registered: for each server the names in its registry; nil when it could not be asked.
  public init(_ servers: [Server], registered: [[String]?]) {
    self.servers = servers
    self.registered = servers.indices.map { index in
      index < registered.count ? registered[index].map { Set($0) } : nil
    }
  }

  /// For each tenant an index into `servers`.
  /// - Throws: `Diagnostics`: a tenant that two servers have, one that no server takes, and a new one whose place cannot
  ///   be known because a server that may have it does not answer.
  public func place(_ tenants: [TenantName]) throws -> [Int] {
    var problems: [Diagnostic] = []
    var load = registered.map { $0?.count ?? 0 }
    let placed = tenants.map { tenant -> Int in
      let homes = servers.indices.filter { registered[$0]?.contains(tenant.text) == true }
      if homes.count > 1 {
        let names = homes.map { "'\(servers[$0].name)'" }.joined(separator: " and ")
        problems.append(
          Diagnostic(
            "tenant-twice", .validation, "The tenant '\(tenant)' has a database on \(names).",
            hint: "Export one of them, or drop it: tenon tenant drop \(tenant)"))
      }
      if let home = homes.first { return home }
      if let server = servers.indices.first(where: { index in
        servers[index].patterns.contains { Glob.matches($0, tenant.text) }
      }) {
        load[server] += 1
        return server
      }
      let open = servers.indices.filter { servers[$0].patterns.isEmpty }
      if let silent = open.first(where: { registered[$0] == nil }) {
        problems.append(
          Diagnostic(
            "server-unreachable", .connection,
            "The server '\(servers[silent].name)' does not answer, and the tenant '\(tenant)' may live there."))
        return silent
      }
      guard let server = open.min(by: { (load[$0], $0) < (load[$1], $1) }) else {
        problems.append(
          Diagnostic(
            "tenant-without-server", .validation, "No server's pattern matches the tenant '\(tenant)'.",
            hint: "Add a pattern for it, or a server without patterns, to servers: in the profile."))
        return 0
      }
      load[server] += 1
      return server
    }
    guard problems.isEmpty else { throw Diagnostics(problems) }
    return placed
  }

  /// How many connections a server has to give: `max_connections` without those reserved and those others hold now.
  public static func availableConnections(_ connection: Connection) throws -> Int {
    let result = try connection.query(
      """
      SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
        - (SELECT count(*)::int FROM pg_catalog.pg_stat_activity
           WHERE backend_type = 'client backend' AND pid <> pg_catalog.pg_backend_pid())
      """)
    return max(1, result.scalar.flatMap(Int.init) ?? 1)
  }
}
