import Diagnostics
import Postgres

/// Where the databases of two tenants differ: relations, columns, row counts.
public struct TenantDiff: Sendable, Equatable {
  public struct Difference: Sendable, Equatable {
    public enum Kind: String, Sendable {
      case missingRelation = "missing-relation"
      case relationKind = "relation-kind"
      case missingColumn = "missing-column"
      case columnType = "column-type"
      case rowCount = "row-count"
      case compiledSQL = "compiled-sql"
    }

    public var kind: Kind
    /// `schema.name`; of compiled SQL its file.
    public var relation: String
    public var column: String?
    /// What each side has; nil: it is missing there.
    public var left: String?
    public var right: String?

    public init(kind: Kind, relation: String, column: String? = nil, left: String?, right: String?) {
      self.kind = kind
      self.relation = relation
      self.column = column
      self.left = left
      self.right = right
    }
  }

  public var differences: [Difference]

  /// - Parameters:
  ///   - key: what roles' passwords follow from; each server's password unless given.
  ///   - countRows: exact counts of tables and materialized views (reads them all); false: schemas only.
  /// - Throws: `Diagnostic` when one of the databases is not the tenant's; `PostgresError`.
  public static func run(
    _ left: TenantConfiguration, _ right: TenantConfiguration, leftServer: ConnectionParameters,
    rightServer: ConnectionParameters? = nil, key: Secret? = nil, countRows: Bool = true
  ) throws -> TenantDiff {
    let one = try relations(left, leftServer, key ?? leftServer.password, countRows)
    let other = try relations(right, rightServer ?? leftServer, key ?? (rightServer ?? leftServer).password, countRows)
    return TenantDiff(differences: compare(one, other))
  }

  struct Relation: Equatable {
    var kind: String
    var columns: [String: String] = [:]
    var rows: Int?
  }

  static func compare(_ left: [String: Relation], _ right: [String: Relation]) -> [Difference] {
    var differences: [Difference] = []
    for name in Set(left.keys).union(right.keys).sorted() {
      guard let one = left[name], let other = right[name] else {
        differences.append(
          Difference(kind: .missingRelation, relation: name, left: left[name]?.kind, right: right[name]?.kind))
        continue
      }
      if one.kind != other.kind {
        differences.append(Difference(kind: .relationKind, relation: name, left: one.kind, right: other.kind))
      }
      for column in Set(one.columns.keys).union(other.columns.keys).sorted() {
        let a = one.columns[column]
        let b = other.columns[column]
        if a == b { continue }
        let kind: Difference.Kind = a == nil || b == nil ? .missingColumn : .columnType
        differences.append(Difference(kind: kind, relation: name, column: column, left: a, right: b))
      }
      if one.rows != other.rows {
        differences.append(
          Difference(
            kind: .rowCount, relation: name, left: one.rows.map { String($0) }, right: other.rows.map { String($0) }))
      }
    }
    return differences
  }

  private static func relations(
    _ tenant: TenantConfiguration, _ server: ConnectionParameters, _ key: Secret?, _ countRows: Bool
  ) throws -> [String: Relation] {
    let connection = try TenantLogin.open(tenant, server, key: key)
    defer { connection.close() }
    // One view of it all.
    try connection.begin("ISOLATION LEVEL REPEATABLE READ READ ONLY")
    let result = try connection.query(
      """
      SELECT n.nspname, c.relname,
        CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view'
          WHEN 'm' THEN 'materialized view' ELSE 'foreign table' END,
        a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
        AND NOT c.relispartition
      """)
    var relations: [String: Relation] = [:]
    var countable: [(String, String)] = []
    for row in result.textRows {
      guard let schema = row[0], let name = row[1], let kind = row[2] else { continue }
      let key = "\(schema).\(name)"
      if relations[key] == nil {
        relations[key] = Relation(kind: kind)
        if kind != "view", kind != "foreign table" { countable.append((schema, name)) }
      }
      if let column = row[3] { relations[key]?.columns[column] = row[4] }
    }
    if countRows {
      for (schema, name) in countable {
        let count = try connection.query("SELECT count(*) FROM \(SQL.identifier(schema)).\(SQL.identifier(name))")
        relations["\(schema).\(name)"]?.rows = count.scalar.flatMap(Int.init)
      }
    }
    try connection.commit()
    return relations
  }
}
