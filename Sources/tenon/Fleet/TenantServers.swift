import Compiler
import Diagnostics
import Postgres
import Project
import Tenants

/// The servers that a target's tenants may live on: those of `servers:`, or the target's own.
struct TenantServers: Sendable {
  /// What a server says of itself.
  struct Survey: Sendable {
    /// The tenants that it has; nil when it does not answer.
    var tenants: [String]?
    /// Connections it has to give.
    var available = 1
    var problem: PostgresError?
  }

  let all: [ProfileServer]

  init(_ credentials: Credentials) {
    all =
      credentials.servers.isEmpty
      ? [ProfileServer(name: "default", credentials: credentials)]
      : credentials.servers
  }

  var isOne: Bool { all.count == 1 }

  /// For work in the maintenance database.
  func maintenance(_ index: Int) -> ConnectionParameters {
    var parameters = ProjectEngine.parameters(all[index].credentials).with(database: "postgres")
    parameters.role = nil
    parameters.searchPath = nil
    return parameters
  }

  /// Asks every server which tenants it has and how many connections it can give; all at the same time, for one that is
  /// gone takes as long as its timeout.
  func survey() -> [Survey] {
    SideBySide.map(all.count, limit: 16) { index in
      do {
        let admin = try Connection.open(maintenance(index), retries: all[index].credentials.retries, name: "fleet")
        defer { admin.close() }
        return Survey(
          tenants: try TenantRegistry.names(admin), available: try FleetPlacement.availableConnections(admin))
      } catch { return Survey(problem: error as? PostgresError) }
    }
  }

  func placement(_ surveys: [Survey]) -> FleetPlacement {
    FleetPlacement(
      all.indices.map { index in
        FleetPlacement.Server(
          name: all[index].name, parameters: maintenance(index), patterns: all[index].patterns,
          connectionLimit: all[index].connectionLimit)
      }, registered: surveys.map(\.tenants))
  }

  /// Where one tenant lives, or would be made.
  func home(of tenant: TenantName) throws -> ProfileServer {
    if isOne { return all[0] }
    let index = try placement(survey()).place([tenant])[0]
    return all[index]
  }
}
