import Diagnostics
import Postgres

/// A role of a tenant's own, with rights in its own database only.
public enum TenantRole {
  public enum Kind: Sendable {
    /// Runs connect as the usual user and `SET ROLE` to it.
    case noLogin
    /// Runs connect as it: nothing they do can get them out of it again.
    case login(Secret)
  }

  /// `<database>_role`, shortened when that is over 63 bytes.
  public static func name(_ tenant: TenantConfiguration) -> String { SQL.shortened("\(tenant.database)_role") }

  /// Makes the role if it is missing and gives it what it needs; in the tenant's database, in the caller's transaction.
  static func ensure(
    _ tenant: TenantConfiguration, _ kind: Kind, schemas: [String], _ connection: Connection
  ) throws -> String {
    let name = name(tenant)
    let role = try SQL.identifier(name)
    let found = try connection.query(
      "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls FROM pg_catalog.pg_roles WHERE rolname = $1",
      [name])
    if found.scalar == "t" {
      throw Diagnostic(
        "tenant-role", .validation, "The role '\(name)' exists and has rights no tenant's role may have.",
        hint: "ALTER ROLE \(role) NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS")
    }
    let attributes: String
    switch kind {
    case .noLogin: attributes = "NOLOGIN"
    case .login(let password): attributes = "LOGIN PASSWORD \(try SQL.literal(password.reveal()) as String)"
    }
    try connection.execute("\(found.rowCount == 0 ? "CREATE" : "ALTER") ROLE \(role) \(attributes)")
    // Membership, so that a user who is no superuser may SET ROLE to it and own what it makes.
    if try connection.query("SELECT pg_catalog.pg_has_role(current_user, $1, 'MEMBER')", [name]).scalar != "t" {
      try connection.execute("GRANT \(role) TO CURRENT_USER")
    }
    try connection.execute(
      "GRANT CONNECT, CREATE, TEMPORARY ON DATABASE \(SQL.identifier(tenant.database)) TO \(role)")
    for schema in schemas { try connection.execute("GRANT ALL ON SCHEMA \(SQL.identifier(schema)) TO \(role)") }
    return name
  }

  /// Drops a role whose tenant is gone. One that still owns something elsewhere is left alone.
  static func drop(_ name: String, _ admin: Connection) throws -> Bool {
    do {
      try admin.execute("DROP ROLE IF EXISTS \(SQL.identifier(name))")
      return true
    } catch let error as PostgresError where error.sqlState == "2BP01" {
      return false
    }
  }
}
