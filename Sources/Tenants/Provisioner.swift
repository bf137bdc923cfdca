import Diagnostics
import Postgres

/// Makes, renames and drops tenants' databases: safe to repeat, safe to race, safe to be killed.
///
/// May be shared by threads; each gets connections of its own to the maintenance database, kept until `close()`.
public final class Provisioner: Sendable {
  public struct Options: Sendable {
    /// Copied instead of template1; must have no sessions.
    public var template: String?
    public var owner: String?
    /// Sessions at once; nil: no limit.
    public var connectionLimit: Int?
    /// `wal_log` or `file_copy` (PostgreSQL 15 and later).
    public var strategy: String?
    /// Take over a database that has no mark although it holds tables.
    public var adopt = false
    /// Make a role for the tenant, with rights in its own database only. One that it has keeps it.
    public var withRole = false

    public init() {}
  }

  public struct Outcome: Sendable, Equatable {
    public enum Change: Sendable, Equatable {
      /// The database was made.
      case created
      /// It was there without a mark (half provisioned, or empty) and has been completed.
      case completed
      /// It was there already.
      case unchanged
    }

    public var change: Change
    public var configuration: TenantConfiguration
    public var mark: TenantMark
  }

  public let settings: TenancySettings
  /// What the passwords of tenants' roles follow from.
  public let roleKey: Secret?
  let server: ConnectionParameters
  let maintenance: ConnectionPool
  let locks: ConnectionPool
  /// Behind a pooler one tenant is made at a time: each takes two of its sessions, and as many waiting for their second
  /// would wait for ever.
  private let turn = Locked(())

  /// - Parameters:
  ///   - server: host, port, user and password; the database is ignored.
  ///   - roleKey: what the passwords of tenants' roles follow from; the server's password unless given.
  ///   - maintenanceDatabase: where the locks are taken and databases are made from.
  public init(
    _ server: ConnectionParameters, settings: TenancySettings = TenancySettings(),
    maintenanceDatabase: String = "postgres", roleKey: Secret? = nil, retries: Int = 1
  ) {
    self.settings = settings
    self.roleKey = roleKey ?? server.password
    var parameters = server.with(database: maintenanceDatabase)
    // A tenant's role or search path has no place in the maintenance database.
    parameters.role = nil
    parameters.searchPath = nil
    self.server = parameters
    maintenance = ConnectionPool(parameters, retries: retries)
    locks = ConnectionPool(parameters, retries: retries)
  }

  /// Closes all connections; only when no thread uses this any more.
  public func close() {
    maintenance.closeAll()
    locks.closeAll()
  }

  /// Closes the calling thread's connections.
  public func closeCurrent() {
    maintenance.closeCurrent()
    locks.closeCurrent()
  }

  public func configuration(_ name: TenantName) throws -> TenantConfiguration {
    try TenantConfiguration(name, settings: settings)
  }

  /// Makes the tenant's database with its schemas, rights and mark, or completes what is there.
  ///
  /// Nothing is dropped when a step fails: the next call goes on where this one stopped.
  /// - Throws: `Diagnostic` for a collision, a database that is another's or not ours to take; `PostgresError`.
  @discardableResult
  public func create(_ name: TenantName, _ options: Options = Options()) throws -> Outcome {
    let tenant = try configuration(name)
    var options = options
    options.template = options.template ?? settings.template
    options.strategy = options.strategy ?? settings.strategy
    let admin = try maintenance.connection(named: "tenant \(name)")
    guard try admin.leadsToPooler() else { return try locked(tenant, options, admin) }
    return try turn.withLock { _ in try locked(tenant, options, admin) }
  }

  private func locked(_ tenant: TenantConfiguration, _ options: Options, _ admin: Connection) throws -> Outcome {
    let name = tenant.name
    return try TenantLock.hold([tenant.database], locks.connection(named: "lock of tenant \(name)")) {
      var change = Outcome.Change.unchanged
      try refuseCollisions(tenant, admin)
      if let found = try state(of: tenant.database, admin) {
        if let mark = found.mark {
          guard mark.tenant == name.text else {
            throw TenantConfiguration.collision(name, mark.tenant, over: "the database '\(tenant.database)'")
          }
        } else {
          change = .completed
        }
      } else {
        change = try createDatabase(tenant, options, admin) ? .created : .completed
      }
      let mark = try complete(tenant, options, admin, change)
      return Outcome(change: change, configuration: tenant, mark: mark)
    }
  }

  /// Writes the outcome of a run into the mark, for `list`. A mark that is missing or another's is left alone.
  public func recordRun(_ tenant: TenantConfiguration, command: String, status: String) throws {
    try Self.recordRun(tenant, command: command, status: status, locks.connection(named: "tenant \(tenant.name)"))
  }

  /// The same over a connection to the maintenance database that the caller keeps.
  public static func recordRun(
    _ tenant: TenantConfiguration, command: String, status: String, _ admin: Connection
  ) throws {
    try TenantLock.hold([tenant.database], admin, commits: true) {
      guard var mark = try TenantMark.read(admin, database: tenant.database), mark.tenant == tenant.name.text else {
        return
      }
      mark.lastRunAt = try TenantMark.now(admin)
      mark.lastRunCommand = command
      mark.lastRunStatus = status
      try mark.write(admin, database: tenant.database)
    }
  }

  // MARK: - Steps

  struct DatabaseState {
    var mark: TenantMark?
    var owner: String
    var size: Int
  }

  /// Nil when there is no such database.
  func state(of database: String, _ admin: Connection) throws -> DatabaseState? {
    let result = try admin.query(
      """
      SELECT pg_catalog.shobj_description(d.oid, 'pg_database'), pg_catalog.pg_get_userbyid(d.datdba)
      FROM pg_catalog.pg_database d WHERE d.datname = $1
      """, [database])
    guard result.rowCount == 1 else { return nil }
    return DatabaseState(
      mark: TenantMark(comment: result.text(0, 0)), owner: result.text(0, 1) ?? "", size: 0)
  }

  private func refuseCollisions(_ tenant: TenantConfiguration, _ admin: Connection) throws {
    for (database, mark) in try TenantRegistry.marks(admin, near: tenant) {
      if let what = tenant.collides(
        name: mark.tenant, database: database, bucket: mark.bucket, prefix: mark.prefix)
      {
        throw TenantConfiguration.collision(tenant.name, mark.tenant, over: what)
      }
    }
    if let problem = settings.predefinedPlaces.conflict(tenant) { throw problem }
  }

  /// - Returns: false when somebody else was faster.
  private func createDatabase(_ tenant: TenantConfiguration, _ options: Options, _ admin: Connection) throws -> Bool {
    var clauses: [String] = []
    if let template = options.template { clauses.append("TEMPLATE \(try SQL.identifier(template))") }
    if let owner = options.owner { clauses.append("OWNER \(try SQL.identifier(owner))") }
    if let strategy = options.strategy, admin.serverVersion >= 150_000 {
      clauses.append("STRATEGY \(try SQL.identifier(strategy))")
    }
    if let limit = options.connectionLimit { clauses.append("CONNECTION LIMIT \(max(-1, limit))") }
    let sql = (["CREATE DATABASE \(try SQL.identifier(tenant.database))"] + clauses).joined(separator: " ")
    var tries = 0
    while true {
      do {
        try admin.execute(sql)
        return true
      } catch let error as PostgresError {
        switch error.sqlState {
        // Somebody who does not take our lock made it: either found by name, or both came at the same moment.
        case "42P04", "23505": return false
        // The template has a session, perhaps for a moment only.
        case "55006" where tries < 20:
          tries += 1
          try admin.execute("SELECT pg_catalog.pg_sleep(0.25)")
        case "42501":
          throw error.diagnostic(
            hint: "The role '\(server.user ?? "")' may not create databases: ALTER ROLE … CREATEDB.")
        default: throw error
        }
      }
    }
  }

  /// Rights, schemas and, as the last thing, the mark: what has one is complete.
  private func complete(
    _ tenant: TenantConfiguration, _ options: Options, _ admin: Connection, _ change: Outcome.Change
  ) throws -> TenantMark {
    let database = try SQL.identifier(tenant.database)
    let connection = try TenantLogin.openAdministrative(tenant, server)
    defer { connection.close() }
    var mark = try TenantMark.read(connection)
    if let mark, mark.tenant != tenant.name.text {
      throw TenantConfiguration.collision(tenant.name, mark.tenant, over: "the database '\(tenant.database)'")
    }
    if mark == nil, change == .completed, !options.adopt, let table = try firstTable(connection) {
      throw Diagnostic(
        "database-not-a-tenant", .validation,
        "The database '\(tenant.database)' exists, has tables (\(table) and perhaps more) and no tenant's mark: "
          + "it may be somebody else's.",
        hint: "If it is this tenant's, take it over: tenon tenant create --adopt \(tenant.name)")
    }
    return try connection.transaction {
      try connection.execute("REVOKE CONNECT, TEMPORARY ON DATABASE \(database) FROM PUBLIC")
      if let owner = options.owner, change != .created {
        try connection.execute("ALTER DATABASE \(database) OWNER TO \(SQL.identifier(owner))")
      }
      if let limit = options.connectionLimit, change != .created {
        try connection.execute("ALTER DATABASE \(database) CONNECTION LIMIT \(max(-1, limit))")
      }
      // Before PostgreSQL 15 everybody could create tables in schema public.
      if connection.serverVersion < 150_000, try connection.query("SELECT to_regnamespace('public')").scalar != nil {
        try connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
      }
      // Asked first: IF NOT EXISTS would give a notice each time, and needs the right to create even when it is there.
      let present = Set(
        try connection.query("SELECT nspname FROM pg_catalog.pg_namespace").textRows.compactMap { $0[0] })
      for schema in settings.schemas where !present.contains(schema) {
        try connection.execute("CREATE SCHEMA \(SQL.identifier(schema))")
      }
      var role = mark?.role
      if options.withRole || settings.roles || role != nil {
        role = try TenantRole.ensure(tenant, key: roleKey, connection)
      }
      var fresh = mark ?? TenantMark(tenant: tenant.name.text)
      if fresh.createdAt == nil { fresh.createdAt = try TenantMark.now(connection) }
      fresh.bucket = tenant.bucket
      fresh.prefix = tenant.prefix
      fresh.role = role
      if fresh != mark { try fresh.write(connection, database: tenant.database) }
      mark = fresh
      return try TenantGuard.verify(connection, tenant)
    }
  }

  /// A table that is there already, in whatever schema of users.
  func firstTable(_ connection: Connection) throws -> String? {
    try connection.query(
      """
      SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.objid = c.oid AND e.deptype = 'e')
      ORDER BY 1 LIMIT 1
      """
    ).scalar
  }
}
