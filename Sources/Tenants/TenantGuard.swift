import Diagnostics
import Postgres

/// The first statement after every connect: are we really in this tenant's database?
public enum TenantGuard {
  /// Compares the database, its mark and, where one is expected, the role, before anything else is done.
  /// - Parameter role: the role the session must act as; nil: any.
  /// - Throws: `Diagnostic` `tenant-mismatch` (or `tenant-unmarked`), `PostgresError` when the question itself fails.
  /// - Returns: the mark.
  @discardableResult
  public static func verify(
    _ connection: Connection, _ tenant: TenantConfiguration, role: String? = nil
  ) throws -> TenantMark {
    let result = try connection.query(
      """
      SELECT pg_catalog.current_database(), current_user::text, pg_catalog.shobj_description(d.oid, 'pg_database')
      FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
      """)
    let row = result.rowCount == 1 ? result.textRow(0) : [nil, nil, nil]
    let database = row[0] ?? "(unknown)"
    guard database == tenant.database else {
      throw mismatch(
        tenant, "the connection leads to the database '\(database)' and not to '\(tenant.database)'",
        hint: "Check dbname in profiles.yml: it should depend on env_var('TENANT_NAME').")
    }
    guard let mark = TenantMark(comment: row[2]) else {
      throw Diagnostic(
        "tenant-unmarked", .validation, "The database '\(database)' is not marked as a tenant's.",
        hint: "Run: tenon tenant create \(tenant.name)")
    }
    guard mark.tenant == tenant.name.text else {
      throw mismatch(tenant, "the database '\(database)' belongs to the tenant '\(mark.tenant)'")
    }
    if let role, row[1] != role {
      throw mismatch(tenant, "the session acts as '\(row[1] ?? "?")' and not as '\(role)'")
    }
    return mark
  }

  private static func mismatch(_ tenant: TenantConfiguration, _ what: String, hint: String? = nil) -> Diagnostic {
    Diagnostic(
      "tenant-mismatch", .validation, "Stopped before anything was written for tenant '\(tenant.name)': \(what).",
      hint: hint)
  }
}
