import Crypto
import Diagnostics
import Postgres

/// A role of a tenant's own, with rights in its own database only, that its runs log in as: nothing they do gets them out
/// of it again, which `SET ROLE` could not promise.
///
/// Its password is kept nowhere. It follows from a key that whoever may run tenants has anyway, the password of the
/// profile's user (or a key of its own), so that every machine with the same profile arrives at the same one.
public enum TenantRole {
  /// `<database>_role`, shortened when that is over 63 bytes.
  public static func name(_ tenant: TenantConfiguration) -> String { SQL.shortened("\(tenant.database)_role") }

  /// HMAC-SHA256 of the role's name, in hexadecimal.
  public static func password(_ role: String, key: Secret) -> Secret {
    let code = HMAC<SHA256>.authenticationCode(
      for: Array("tenon tenant role \(role)".utf8), using: SymmetricKey(data: Array(key.reveal().utf8)))
    return Secret(code.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined())
  }

  static func missingKey(_ name: TenantName) -> Diagnostic {
    Diagnostic(
      "tenant-role-key", .validation,
      "The tenant '\(name)' has a role of its own, whose password follows from the profile's, and the profile has none.",
      hint: "Put a key of your own into the environment variable DBT_ENV_SECRET_TENANT_ROLES.")
  }

  /// Makes the role if it is missing and gives it what it needs, with all that is in the database already; in the
  /// tenant's database, in the caller's transaction.
  static func ensure(_ tenant: TenantConfiguration, key: Secret?, _ connection: Connection) throws -> String {
    guard let key, !key.isEmpty else { throw missingKey(tenant.name) }
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
    if found.rowCount == 0 { try connection.execute("CREATE ROLE \(role)") }
    try setPassword(name, key: key, connection)
    // Membership, so that a user who is no superuser may hand over to it what is there.
    if try connection.query("SELECT pg_catalog.pg_has_role(current_user, $1, 'MEMBER')", [name]).scalar != "t" {
      try connection.execute("GRANT \(role) TO CURRENT_USER")
    }
    try connection.execute(
      "GRANT CONNECT, CREATE, TEMPORARY ON DATABASE \(SQL.identifier(tenant.database)) TO \(role)")
    try handOver(to: name, connection)
    return name
  }

  static func setPassword(_ role: String, key: Secret, _ connection: Connection) throws {
    let password = try connection.encrypted(password(role, key: key), user: role)
    try connection.execute("ALTER ROLE \(SQL.identifier(role)) LOGIN PASSWORD \(SQL.literal(password) as String)")
  }

  /// Everything users made in the database becomes the role's: it could not replace it otherwise. What extensions own,
  /// and what belongs to a table and follows it, is left out.
  private static func handOver(to name: String, _ connection: Connection) throws {
    let statements = try connection.query(
      """
      WITH role AS (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = $1),
      schemas AS (
        SELECT n.oid, n.nspname, n.nspowner FROM pg_catalog.pg_namespace n
        WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'),
      owned AS (SELECT d.classid, d.objid FROM pg_catalog.pg_depend d WHERE d.deptype = 'e')
      SELECT CASE n.nspname WHEN 'public' THEN pg_catalog.format('GRANT ALL ON SCHEMA public TO %I', $1::text)
        ELSE pg_catalog.format('ALTER SCHEMA %I OWNER TO %I', n.nspname, $1::text) END
      FROM schemas n, role
      WHERE n.nspowner <> role.oid
        AND (pg_catalog.to_regclass('pg_catalog.pg_namespace'), n.oid) NOT IN (SELECT classid, objid FROM owned)
      UNION ALL
      SELECT pg_catalog.format('ALTER %s %I.%I OWNER TO %I',
        CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
        n.nspname, c.relname, $1::text)
      FROM pg_catalog.pg_class c JOIN schemas n ON n.oid = c.relnamespace, role
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND c.relowner <> role.oid
        AND (pg_catalog.to_regclass('pg_catalog.pg_class'), c.oid) NOT IN (SELECT classid, objid FROM owned)
        AND NOT (c.relkind = 'S' AND EXISTS (
          SELECT FROM pg_catalog.pg_depend d
          WHERE d.classid = pg_catalog.to_regclass('pg_catalog.pg_class') AND d.objid = c.oid AND d.deptype IN ('a', 'i')))
      UNION ALL
      SELECT pg_catalog.format('ALTER ROUTINE %s OWNER TO %I', p.oid::pg_catalog.regprocedure, $1::text)
      FROM pg_catalog.pg_proc p JOIN schemas n ON n.oid = p.pronamespace, role
      WHERE p.proowner <> role.oid
        AND (pg_catalog.to_regclass('pg_catalog.pg_proc'), p.oid) NOT IN (SELECT classid, objid FROM owned)
      """, [name])
    for row in statements.textRows {
      if let statement = row[0] { try connection.execute(statement) }
    }
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
