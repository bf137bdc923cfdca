import Diagnostics
import Postgres

extension Provisioner {
  /// Drops the tenant's database with everything in it; sessions in it are ended.
  /// - Parameter force: also a database without a mark that holds tables.
  /// - Returns: false when there was none.
  /// - Throws: `Diagnostic` when the database is another tenant's, or unmarked and not empty.
  @discardableResult
  public func drop(_ name: TenantName, force: Bool = false) throws -> Bool {
    let tenant = try configuration(name)
    let admin = try maintenance.connection(named: "tenant \(name)")
    return try TenantLock.hold([tenant.database], locks.connection(named: "lock of tenant \(name)")) {
      guard let found = try state(of: tenant.database, admin) else { return false }
      if let mark = found.mark {
        guard mark.tenant == name.text else {
          throw Diagnostic(
            "tenant-mismatch", .validation,
            "The database '\(tenant.database)' belongs to the tenant '\(mark.tenant)': it is not dropped.")
        }
      } else if !force {
        throw Diagnostic(
          "tenant-unmarked", .validation, "The database '\(tenant.database)' has no tenant's mark: it is not dropped.",
          hint: "If it is this tenant's, take it over first: tenon tenant create --adopt \(name)")
      }
      try endSessions(tenant.database, admin)
      let database = try SQL.identifier(tenant.database)
      // FORCE came with PostgreSQL 13.
      try admin.execute("DROP DATABASE IF EXISTS \(database)\(admin.serverVersion >= 130_000 ? " WITH (FORCE)" : "")")
      if let role = found.mark?.role { _ = try TenantRole.drop(role, admin) }
      return true
    }
  }

  /// Gives a tenant another name: its database and mark change together, in one transaction.
  ///
  /// Rows and views keep the old name until the next run.
  /// - Parameter endSessions: end the sessions that are in the way, instead of failing.
  /// - Throws: `Diagnostic` for a missing tenant, a name that is taken or collides; `PostgresError`.
  public func rename(_ name: TenantName, to newName: TenantName, endSessions end: Bool = true) throws -> TenantMark {
    let old = try configuration(name)
    let new = try configuration(newName)
    let admin = try maintenance.connection(named: "tenant \(name)")
    return try TenantLock.hold([old.database, new.database], locks.connection(named: "lock of tenant \(name)")) {
      guard var mark = try state(of: old.database, admin)?.mark, mark.tenant == name.text else {
        throw TenantRegistry.unknown(name, admin)
      }
      if old.database != new.database, try state(of: new.database, admin) != nil {
        throw Diagnostic(
          "tenant-exists", .validation, "The database '\(new.database)' exists already: '\(name)' keeps its name.")
      }
      for (database, other) in try TenantRegistry.marks(admin, near: new) where other.tenant != name.text {
        if let what = new.collides(name: other.tenant, database: database, bucket: other.bucket, prefix: other.prefix) {
          throw TenantConfiguration.collision(newName, other.tenant, over: what)
        }
      }
      if end { try endSessions(old.database, admin) }
      return try admin.transaction {
        if old.database != new.database {
          try admin.execute(
            "ALTER DATABASE \(SQL.identifier(old.database)) RENAME TO \(SQL.identifier(new.database))")
        }
        if let role = mark.role {
          let renamed = TenantRole.name(new)
          if renamed != role {
            try admin.execute("ALTER ROLE \(SQL.identifier(role)) RENAME TO \(SQL.identifier(renamed))")
          }
          mark.role = renamed
          // The password follows from the name.
          guard let roleKey, !roleKey.isEmpty else { throw TenantRole.missingKey(newName) }
          try TenantRole.setPassword(renamed, key: roleKey, admin)
        }
        mark.tenant = newName.text
        mark.bucket = new.bucket
        mark.prefix = new.prefix
        try mark.write(admin, database: new.database)
        return mark
      }
    }
  }

  func endSessions(_ database: String, _ admin: Connection) throws {
    try admin.query(
      """
      SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity
      WHERE datname = $1 AND pid <> pg_catalog.pg_backend_pid()
      """, [database])
    // They go in their own time; a rename would find them still there.
    for _ in 0..<50 {
      let left = try admin.query("SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE datname = $1", [database])
      if left.scalar == "0" { return }
      try admin.execute("SELECT pg_catalog.pg_sleep(0.02)")
    }
  }
}
