import Diagnostics
import LocalServer
import Postgres
import Glibc

extension Provisioner {
  /// Writes one tenant's database to a file (pg_dump's custom format), which appears only when it is complete.
  /// - Parameter path: absolute. Must not exist unless `overwrite`.
  /// - Throws: `Diagnostic` for a missing tenant, a missing pg_dump, a file in the way, a dump that failed.
  public func export(_ name: TenantName, to path: String, overwrite: Bool = false) throws {
    let tenant = try configuration(name)
    let (login, version) = try withTenant(tenant) { ($0.parameters, $0.serverVersion / 10_000) }
    if !overwrite, access(path, F_OK) == 0 {
      throw Diagnostic("file-exists", .validation, "The file \(path) exists already.", hint: "Choose another name.")
    }
    let partial = "\(path).partial"
    do {
      try runTool(
        "pg_dump", atLeast: version, login,
        ["--format=custom", "--no-owner", "--no-acl", "--file=\(partial)"])
    } catch {
      unlink(partial)
      throw error
    }
    guard moveFile(partial, path) == 0 else {
      throw Diagnostic(
        "cannot-write", .runtime, "Could not write \(path): \(String(cString: strerror(errno))).")
    }
  }

  /// Makes the tenant if need be and fills it from a file that `export` wrote, in one transaction: all of it or nothing.
  ///
  /// Rows and views keep the name of the tenant they were exported from until the next run.
  /// - Parameter replace: also into a tenant that has tables; those of the file are dropped first.
  /// - Throws: `Diagnostic`, also when the tenant has tables and `replace` is not set.
  @discardableResult
  public func `import`(
    _ name: TenantName, from path: String, replace: Bool = false, _ options: Options = Options()
  ) throws -> Outcome {
    guard access(path, R_OK) == 0 else {
      throw Diagnostic(
        "cannot-read", .runtime, "Could not read \(path): \(String(cString: strerror(errno))).")
    }
    let outcome = try create(name, options)
    let tenant = outcome.configuration
    let (login, version) = try withTenant(tenant) { connection in
      if !replace, let table = try firstTable(connection) {
        throw Diagnostic(
          "tenant-not-empty", .validation, "The tenant '\(name)' has tables (\(table) and perhaps more).",
          hint: "To replace them: --replace")
      }
      return (connection.parameters, connection.serverVersion / 10_000)
    }
    // --clean also for an empty tenant: its schemas are there already.
    try runTool(
      "pg_restore", atLeast: version, login,
      ["--clean", "--if-exists", "--no-owner", "--no-acl", "--single-transaction", "--exit-on-error", path])
    // The schemas were dropped and made again: what the tenant's role may do there is given once more.
    return try create(name, options)
  }

  /// A session of the tenant's own login: a dump is somebody's SQL, and so are the names in a database.
  private func withTenant<Result>(_ tenant: TenantConfiguration, _ body: (Connection) throws -> Result) throws -> Result
  {
    let connection = try TenantLogin.open(tenant, server, key: roleKey)
    defer { connection.close() }
    return try body(connection)
  }

  private func runTool(
    _ tool: String, atLeast version: Int, _ login: ConnectionParameters, _ arguments: [String]
  ) throws {
    let program = try PostgresTools.find(tool, atLeast: version)
    let database = login.database ?? ""
    var environment: [String: String] = ["PGDATABASE": database]
    environment["PGHOST"] = login.hosts.isEmpty ? nil : login.hosts.joined(separator: ",")
    environment["PGPORT"] = login.ports.isEmpty ? nil : login.ports.map(String.init).joined(separator: ",")
    environment["PGUSER"] = login.user
    environment["PGPASSWORD"] = login.password?.reveal()
    environment["PGSSLMODE"] = login.sslMode
    environment["PGSSLCERT"] = login.sslCertificate
    environment["PGSSLKEY"] = login.sslKey
    environment["PGSSLROOTCERT"] = login.sslRootCertificate
    environment["PGTARGETSESSIONATTRS"] = login.targetSessionAttributes
    environment["PGCONNECT_TIMEOUT"] = String(login.connectTimeout)
    // pg_restore only takes the database as an argument; as a name with an equals sign it would be a whole connection
    // string, so it is given as a parameter of one, quoted.
    let target = tool == "pg_restore" ? ["--dbname=dbname='\(escaped(database))'"] : []
    let result = try PostgresTools.run([program] + target + arguments, environment: environment)
    guard result.status == 0 else {
      let said = result.output.split(separator: "\n").suffix(8).joined(separator: "\n")
      throw Diagnostic("\(tool)-failed", .database, "\(tool) failed (status \(result.status)):\n\(said)")
    }
  }

  /// A value in a connection string.
  private func escaped(_ value: String) -> String {
    var out = ""
    for character in value {
      if character == "'" || character == "\\" { out.append("\\") }
      out.append(character)
    }
    return out
  }
}

// Inside `Provisioner` the name `rename` is taken.
private func moveFile(_ from: String, _ to: String) -> Int32 { rename(from, to) }
