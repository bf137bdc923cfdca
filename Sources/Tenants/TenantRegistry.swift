import Diagnostics
import Postgres

/// Which tenants a server has, read from the marks on its databases.
public enum TenantRegistry {
  public struct Entry: Sendable, Equatable {
    public var name: String
    public var database: String
    public var owner: String
    /// Bytes; nil when we may not ask.
    public var size: Int?
    /// Sessions right now.
    public var sessions: Int
    public var mark: TenantMark
  }

  public struct Relation: Sendable, Equatable {
    public var schema: String
    public var name: String
    /// `table`, `view`, `materialized view`, …
    public var kind: String
    /// The planner's estimate; nil when it has none.
    public var estimatedRows: Int?
    /// Bytes with indexes and TOAST.
    public var size: Int
  }

  public struct Details: Sendable, Equatable {
    public var entry: Entry
    /// Schemas of users, sorted, with what is in them.
    public var schemas: [String]
    public var relations: [Relation]
  }

  /// The databases with marks, cheaply.
  /// - Parameter near: only the database of this tenant's name and those whose bucket may be the same; a few more do no
  ///   harm, and a thousand tenants need not be read to make the next.
  static func marks(
    _ admin: Connection, near tenant: TenantConfiguration? = nil
  ) throws -> [(database: String, mark: TenantMark)] {
    let result = try admin.query(
      """
      SELECT d.datname, s.description FROM pg_catalog.pg_database d
      JOIN pg_catalog.pg_shdescription s ON s.objoid = d.oid AND s.classoid = 'pg_catalog.pg_database'::regclass
      WHERE NOT d.datistemplate AND s.description LIKE '{%'
        AND ($1::text IS NULL OR d.datname = $1 OR s.description ILIKE $2)
      """, [tenant?.database, tenant.map { BucketName.pattern($0.bucket) }])
    return (0..<result.rowCount).compactMap { row in
      guard let database = result.text(row, 0), let mark = TenantMark(comment: result.text(row, 1)) else { return nil }
      return (database, mark)
    }
  }

  /// The tenants' names alone.
  public static func names(_ admin: Connection) throws -> [String] { try marks(admin).map(\.mark.tenant) }

  /// All tenants, by name.
  /// - Parameter maintenance: a connection to any database of the server.
  public static func list(_ maintenance: Connection) throws -> [Entry] {
    let result = try maintenance.query(
      """
      SELECT d.datname, s.description, pg_catalog.pg_get_userbyid(d.datdba),
        CASE WHEN pg_catalog.has_database_privilege(d.oid, 'CONNECT') THEN pg_catalog.pg_database_size(d.oid) END,
        (SELECT count(*) FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid)
      FROM pg_catalog.pg_database d
      JOIN pg_catalog.pg_shdescription s ON s.objoid = d.oid AND s.classoid = 'pg_catalog.pg_database'::regclass
      WHERE NOT d.datistemplate AND s.description LIKE '{%'
      """)
    let entries = (0..<result.rowCount).compactMap { row -> Entry? in
      guard let database = result.text(row, 0), let mark = TenantMark(comment: result.text(row, 1)) else { return nil }
      return Entry(
        name: mark.tenant, database: database, owner: result.text(row, 2) ?? "",
        size: result.text(row, 3).flatMap(Int.init), sessions: result.text(row, 4).flatMap(Int.init) ?? 0, mark: mark)
    }
    return entries.sorted { ($0.name, $0.database) < ($1.name, $1.database) }
  }

  /// The schemas of the database a connection leads to, without the system's own.
  public static func schemas(_ connection: Connection) throws -> [String] {
    try connection.query(
      """
      SELECT nspname FROM pg_catalog.pg_namespace
      WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' ORDER BY nspname
      """
    ).textRows.compactMap { $0[0] }
  }

  /// One tenant, with what its database holds.
  /// - Throws: `Diagnostic` `unknown-tenant` with the nearest name.
  public static func info(_ tenant: TenantConfiguration, _ server: ConnectionParameters) throws -> Details {
    let connection = try TenantLogin.openAdministrative(tenant, server)
    defer { connection.close() }
    try TenantGuard.verify(connection, tenant)
    guard let entry = try list(connection).first(where: { $0.database == tenant.database }) else {
      throw unknown(tenant.name, connection)
    }
    let result = try connection.query(
      """
      SELECT n.nspname, c.relname,
        CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view'
          WHEN 'm' THEN 'materialized view' ELSE 'foreign table' END,
        CASE WHEN c.relkind IN ('r', 'p', 'm') AND c.reltuples >= 0 THEN c.reltuples::bigint END,
        pg_catalog.pg_total_relation_size(c.oid)
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
      ORDER BY 1, 2
      """)
    let relations = result.textRows.map { row in
      Relation(
        schema: row[0] ?? "", name: row[1] ?? "", kind: row[2] ?? "", estimatedRows: row[3].flatMap(Int.init),
        size: row[4].flatMap(Int.init) ?? 0)
    }
    // It counted this very session.
    var seen = entry
    seen.sessions -= 1
    return Details(entry: seen, schemas: try schemas(connection), relations: relations)
  }

  /// "There is no tenant …", with the nearest one that exists.
  static func unknown(_ name: TenantName, _ admin: Connection) -> Diagnostic {
    let known = ((try? marks(admin)) ?? []).map(\.mark.tenant)
    let nearest = NearestName.of(name.text, among: known)
    return Diagnostic(
      "unknown-tenant", .validation, "There is no tenant '\(name)' on this server.",
      hint: nearest.map { "Did you mean '\($0)'?" } ?? "Make it with: tenon tenant create \(name)")
  }
}
