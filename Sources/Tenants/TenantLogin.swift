import Diagnostics
import Postgres

/// How sessions in a tenant's database begin: proved to be in the right one, and as the tenant's role where it has one.
///
/// What tenants made (views, functions, whatever a dump holds) is only ever executed by such a session: executed by an
/// administrator's it would have the administrator's rights.
public enum TenantLogin {
  /// - Parameters:
  ///   - server: how the profile's user connects; the database is ignored.
  ///   - key: what roles' passwords follow from (`TenantRole`).
  /// - Throws: `Diagnostic` for a missing tenant, a database that is not the tenant's; `PostgresError`.
  public static func open(
    _ tenant: TenantConfiguration, _ server: ConnectionParameters, key: Secret?, name: String? = nil
  ) throws -> Connection {
    let connection = try openAdministrative(tenant, server, name: name)
    do {
      guard let login = try verify(connection, tenant, key: key) else { return connection }
      connection.close()
      do { return try Connection.open(login.parameters, name: name) } catch let error as PostgresError {
        throw error.advising(login.hint)
      }
    } catch {
      connection.close()
      throw error
    }
  }

  /// The profile's user in the tenant's database; nothing is checked yet.
  /// - Throws: `Diagnostic` `unknown-tenant` with the nearest name.
  static func openAdministrative(
    _ tenant: TenantConfiguration, _ server: ConnectionParameters, name: String? = nil
  ) throws -> Connection {
    do {
      let connection = try Connection.open(
        server.with(database: tenant.database), name: name ?? "tenant \(tenant.name)")
      // No function or operator of the tenant's is to be taken for the server's.
      try connection.execute("SET search_path TO pg_catalog")
      return connection
    } catch let error as PostgresError where error.isMissingDatabase {
      let admin = try Connection.open(server.with(database: "postgres"))
      defer { admin.close() }
      throw TenantRegistry.unknown(tenant.name, admin)
    }
  }

  /// The guard of a connection that was just opened (`ConnectionPool`'s `onOpen`).
  /// - Returns: the login to go on with, when the tenant has a role and the session is not that role's.
  public static func verify(
    _ connection: Connection, _ tenant: TenantConfiguration, key: Secret?
  ) throws -> ConnectionPool.Login? {
    try login(connection, try TenantGuard.verify(connection, tenant), key: key)
  }

  /// The same for a run that names no tenant, where only the environment or a var says whose it is: a database without a
  /// mark is nobody's concern, one of another tenant is.
  public static func verify(
    _ connection: Connection, claimed: String, key: Secret?
  ) throws -> ConnectionPool.Login? {
    guard let mark = try TenantMark.read(connection) else { return nil }
    guard mark.tenant == claimed else {
      throw Diagnostic(
        "tenant-mismatch", .validation,
        "Stopped before anything was written: the profile's database belongs to the tenant '\(mark.tenant)', "
          + "and the run is for '\(claimed)'.",
        hint: "Say for whom it is: --tenant \(mark.tenant)")
    }
    return try login(connection, mark, key: key)
  }

  private static func login(
    _ connection: Connection, _ mark: TenantMark, key: Secret?
  ) throws -> ConnectionPool.Login? {
    guard let role = mark.role else { return nil }
    if try connection.query("SELECT session_user = $1", [role]).scalar == "t" { return nil }
    guard let key, !key.isEmpty, let name = TenantName(valid: mark.tenant) else {
      throw TenantRole.missingKey(try TenantName(mark.tenant))
    }
    var parameters = connection.parameters
    parameters.user = role
    parameters.password = TenantRole.password(role, key: key)
    parameters.role = nil
    return ConnectionPool.Login(
      parameters,
      hint: "The password of a tenant's role follows from the profile's password; when that was changed: "
        + "tenon tenant create --with-role \(name)")
  }
}
