import Diagnostics
import Postgres

/// Looks for everything that would let one tenant see or hold another's data.
public enum IsolationAudit {
  public struct Finding: Sendable, Equatable {
    public enum Severity: String, Sendable { case error, warning }
    public var severity: Severity
    /// Lower-case words with hyphens: `public-connect`, `foreign-rows`, …
    public var code: String
    public var message: String
    /// SQL or a command that puts it right.
    public var fix: String?
  }

  /// - Parameter key: what roles' passwords follow from; the server's password unless given.
  /// - Returns: nothing when the tenant is isolated.
  /// - Throws: `Diagnostic` when there is no such tenant; `PostgresError`.
  public static func run(
    _ tenant: TenantConfiguration, _ server: ConnectionParameters, key: Secret? = nil
  ) throws -> [Finding] {
    let connection = try TenantLogin.openAdministrative(tenant, server, name: "audit of \(tenant.name)")
    defer { connection.close() }
    let known = try TenantMark.read(connection)
    var findings = mark(tenant, known)
    let role = known?.role
    findings += try databaseRights(tenant, role, connection)
    if let role {
      findings += try roleRights(tenant, role, connection)
      findings += try definers(role, connection)
    } else if known != nil {
      findings += try sharedLogin(tenant, connection)
    }
    findings += try waysOut(connection)
    guard let role else { return findings + (try foreignRows(tenant, connection)) }
    // A view of the tenant's may call what it likes: it is read as the tenant, or not at all.
    guard !findings.contains(where: { ["wrong-mark", "no-role", "role-login"].contains($0.code) }) else {
      return findings
    }
    do {
      let inside = try TenantLogin.open(tenant, server, key: key ?? server.password, name: "audit of \(tenant.name)")
      defer { inside.close() }
      return findings + (try foreignRows(tenant, inside))
    } catch let error as PostgresError where error.sqlState?.hasPrefix("28") ?? false {
      return findings + [
        Finding(
          severity: .error, code: "role-login",
          message: "The tenant's runs cannot log in as its role '\(role)': \(error.primary)",
          fix: "tenon tenant create --with-role \(tenant.name)")
      ]
    }
  }

  private static func mark(_ tenant: TenantConfiguration, _ mark: TenantMark?) -> [Finding] {
    guard let mark else {
      return [
        Finding(
          severity: .error, code: "no-mark", message: "The database '\(tenant.database)' is not marked as a tenant's.",
          fix: "tenon tenant create --adopt \(tenant.name)")
      ]
    }
    guard mark.tenant == tenant.name.text else {
      return [
        Finding(
          severity: .error, code: "wrong-mark",
          message: "The database '\(tenant.database)' is marked as the tenant '\(mark.tenant)'.")
      ]
    }
    return []
  }

  /// Who may connect or make temporary tables: nobody but the owner, superusers and the tenant's role.
  private static func databaseRights(
    _ tenant: TenantConfiguration, _ role: String?, _ connection: Connection
  ) throws -> [Finding] {
    let database = try SQL.identifier(tenant.database)
    let rights = try connection.query(
      """
      SELECT CASE WHEN a.grantee = 0 THEN NULL ELSE pg_catalog.pg_get_userbyid(a.grantee) END, a.privilege_type
      FROM pg_catalog.pg_database d,
        LATERAL pg_catalog.aclexplode(coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))) a
      WHERE d.datname = pg_catalog.current_database() AND a.grantee <> d.datdba
        AND (a.grantee = 0 OR NOT (SELECT rolsuper FROM pg_catalog.pg_roles r WHERE r.oid = a.grantee))
      ORDER BY 1 NULLS FIRST, 2
      """)
    var findings: [Finding] = []
    for row in rights.textRows {
      let right = row[1] ?? ""
      if let grantee = row[0] {
        if grantee == role { continue }
        findings.append(
          Finding(
            severity: .warning, code: "granted-\(right.lowercased())",
            message: "The role '\(grantee)' has \(right) on the database '\(tenant.database)'.",
            fix: "REVOKE \(right) ON DATABASE \(database) FROM \(try SQL.identifier(grantee))"))
      } else {
        findings.append(
          Finding(
            severity: .error, code: "public-\(right.lowercased())",
            message: "Every role of the server has \(right) on the database '\(tenant.database)'.",
            fix: "REVOKE \(right) ON DATABASE \(database) FROM PUBLIC"))
      }
    }
    let create = try connection.query(
      """
      SELECT n.nspname FROM pg_catalog.pg_namespace n,
        LATERAL pg_catalog.aclexplode(coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))) a
      WHERE a.grantee = 0 AND a.privilege_type = 'CREATE' AND n.nspname NOT LIKE 'pg\\_%' ORDER BY 1
      """)
    for schema in create.textRows.compactMap({ $0[0] }) {
      findings.append(
        Finding(
          severity: .warning, code: "public-schema-create",
          message: "Everybody who is in the database may create tables in its schema '\(schema)'.",
          fix: "REVOKE CREATE ON SCHEMA \(try SQL.identifier(schema)) FROM PUBLIC"))
    }
    return findings
  }

  /// Without a role the tenant's statements have the rights of whoever runs them.
  private static func sharedLogin(_ tenant: TenantConfiguration, _ connection: Connection) throws -> [Finding] {
    let others = try reachable(as: nil, connection)
    let isSuper =
      try connection.query(
        "SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user"
      ).scalar == "t"
    guard isSuper || !others.isEmpty else { return [] }
    let user = try connection.query("SELECT current_user").scalar ?? "?"
    return [
      Finding(
        severity: .warning, code: "shared-login",
        message: "The tenant's models and hooks run as '\(user)', who "
          + (isSuper ? "may do anything on this server" : "may enter other tenants' databases")
          + ": nothing but their own text keeps them inside.",
        fix: "tenon tenant create --with-role \(tenant.name)")
    ]
  }

  /// The other tenants' databases that a role may connect to.
  private static func reachable(
    as role: String?, _ connection: Connection
  ) throws -> [(database: String, mark: TenantMark)] {
    let names = Set(
      try connection.query(
        """
        SELECT d.datname FROM pg_catalog.pg_database d
        WHERE d.datallowconn AND d.datname <> pg_catalog.current_database()
          AND pg_catalog.has_database_privilege(coalesce($1::name, current_user), d.oid, 'CONNECT')
        """, [role]
      ).textRows.compactMap { $0[0] })
    if names.isEmpty { return [] }
    return try TenantRegistry.marks(connection).filter { names.contains($0.database) }
  }

  /// The tenant's role: no power over the server, no membership elsewhere, no way into another tenant's database.
  private static func roleRights(
    _ tenant: TenantConfiguration, _ role: String, _ connection: Connection
  ) throws -> [Finding] {
    var findings: [Finding] = []
    let attributes = try connection.query(
      """
      SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls, rolcanlogin,
        oid = (SELECT datdba FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
      FROM pg_catalog.pg_roles WHERE rolname = $1
      """, [role])
    if attributes.rowCount == 0 {
      findings.append(
        Finding(
          severity: .error, code: "no-role", message: "The tenant's role '\(role)' does not exist.",
          fix: "tenon tenant create \(tenant.name)"))
      return findings
    }
    if attributes.scalar == "t" {
      findings.append(
        Finding(
          severity: .error, code: "role-attributes", message: "The tenant's role '\(role)' has power over the server.",
          fix: "ALTER ROLE \(try SQL.identifier(role)) NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS"))
    }
    if attributes.text(0, 1) != "t" {
      findings.append(
        Finding(
          severity: .error, code: "role-login", message: "The tenant's runs cannot log in as its role '\(role)'.",
          fix: "tenon tenant create --with-role \(tenant.name)"))
    }
    if attributes.text(0, 2) == "t" {
      findings.append(
        Finding(
          severity: .error, code: "role-owns-database",
          message: "The tenant's role '\(role)' owns the database: it could change whose it is said to be, or drop it.",
          fix: "ALTER DATABASE \(try SQL.identifier(tenant.database)) OWNER TO CURRENT_USER"))
    }
    let groups = try connection.query(
      """
      SELECT g.rolname FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles g ON g.oid = m.roleid
      WHERE m.member = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = $1) ORDER BY 1
      """, [role])
    for group in groups.textRows.compactMap({ $0[0] }) {
      findings.append(
        Finding(
          severity: .error, code: "role-membership",
          message: "The tenant's role '\(role)' is a member of '\(group)'.",
          fix: "REVOKE \(try SQL.identifier(group)) FROM \(try SQL.identifier(role))"))
    }
    for (database, mark) in try reachable(as: role, connection) {
      findings.append(
        Finding(
          severity: .error, code: "role-elsewhere",
          message: "The tenant's role '\(role)' may connect to the database '\(database)' of tenant '\(mark.tenant)'.",
          fix: "REVOKE CONNECT ON DATABASE \(try SQL.identifier(database)) FROM PUBLIC, \(try SQL.identifier(role))"))
    }
    return findings
  }

  /// Rows of another tenant, in any relation that says whose its rows are.
  private static func foreignRows(_ tenant: TenantConfiguration, _ connection: Connection) throws -> [Finding] {
    let relations = try connection.query(
      """
      SELECT n.nspname, c.relname FROM pg_catalog.pg_attribute a
      JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
      WHERE a.attname = 'tenant_name' AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm')
        AND NOT c.relispartition AND t.typcategory = 'S'
        AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
      ORDER BY 1, 2
      """)
    var findings: [Finding] = []
    for row in relations.textRows {
      guard let schema = row[0], let name = row[1] else { continue }
      let relation = "\(try SQL.identifier(schema)).\(try SQL.identifier(name))"
      let foreign = try connection.query(
        """
        SELECT count(*), min(tenant_name::text) FROM \(relation) WHERE tenant_name::text IS DISTINCT FROM $1
        """, [tenant.name.text])
      guard let count = foreign.text(0, 0), count != "0" else { continue }
      findings.append(
        Finding(
          severity: .error, code: "foreign-rows",
          message:
            "\(relation) has \(count) rows that are not the tenant's (of '\(foreign.text(0, 1) ?? "NULL")', say).",
          fix: "tenon tenant run \(tenant.name)"))
    }
    return findings
  }
}
