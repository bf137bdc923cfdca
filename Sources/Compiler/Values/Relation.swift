import Jinja

/// What kind of thing a relation is; raw values are dbt's.
public enum RelationType: String, Sendable, CaseIterable {
  case table, view, cte, external, function
  case materializedView = "materialized_view"
  case pointerTable = "pointer_table"
}

/// Which of a relation's three parts something applies to.
public struct RelationParts: Sendable, Hashable {
  public var database: Bool
  public var schema: Bool
  public var identifier: Bool
  public init(database: Bool = true, schema: Bool = true, identifier: Bool = true) {
    self.database = database
    self.schema = schema
    self.identifier = identifier
  }
}

/// A relation's name and what is known of it: a plain value that the whole program passes around.
public struct Relation: Sendable, Hashable {
  public var database: String?
  public var schema: String?
  public var identifier: String?
  public var type: RelationType?
  public var quote = RelationParts()
  public var include = RelationParts()
  public var limit: Int?
  public var eventTime: EventTimeFilter?
  public var requireAlias = true
  /// Made by this run (dbt's `dbt_created`).
  public var created = false

  /// Rows of one batch or sample only.
  public struct EventTimeFilter: Sendable, Hashable {
    public var field: String
    /// As Python prints a datetime with its zone; nil is open.
    public var start: String?
    public var end: String?
    public init(field: String, start: String?, end: String?) {
      self.field = field
      self.start = start
      self.end = end
    }
  }

  public init(
    database: String?, schema: String?, identifier: String?, type: RelationType? = nil,
    quote: RelationParts = RelationParts()
  ) {
    self.database = database
    self.schema = schema
    self.identifier = identifier
    self.type = type
    self.quote = quote
  }

  /// The name as SQL: `"database"."schema"."identifier"`, parts left out and quoted as the policies say. A quote
  /// inside a name is doubled (PostgreSQL manual, 4.1.1).
  public func render() -> String {
    // One text, filled part by part: names are written for every reference of every node.
    let length = (database?.utf8.count ?? 0) + (schema?.utf8.count ?? 0) + (identifier?.utf8.count ?? 0)
    // Quotes inside of names are doubled, the parts have quotes around them and dots between.
    return String(unsafeUninitializedCapacity: 2 * length + 8) { buffer in
      var count = 0
      func put(_ byte: UInt8) {
        buffer[count] = byte
        count += 1
      }
      func add(_ part: String?, _ included: Bool, _ quoted: Bool) {
        guard included, let part else { return }
        if count > 0 { put(UInt8(ascii: ".")) }
        if quoted { put(UInt8(ascii: "\"")) }
        for byte in part.utf8 {
          put(byte)
          if quoted, byte == UInt8(ascii: "\"") { put(byte) }
        }
        if quoted { put(UInt8(ascii: "\"")) }
      }
      add(database, include.database, quote.database)
      add(schema, include.schema, quote.schema)
      add(identifier, include.identifier, quote.identifier)
      return count
    }
  }

  public static func quoted(_ name: String) -> String {
    guard name.utf8.contains(0x22) else { return "\"\(name)\"" }
    return "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }

  /// `render()`, wrapped where only some rows are wanted (`--empty`, `--sample`, batches).
  public var sql: String {
    var out = render()
    if type == .function { return out }
    if let limit {
      out =
        limit == 0
        ? "(select * from \(out) where false limit 0)\(alias("limit"))"
        : "(select * from \(out) limit \(limit))\(alias("limit"))"
    }
    return filtered(out)
  }

  private func alias(_ namespace: String) -> String {
    requireAlias ? " _dbt_\(namespace)_subq_\(identifier ?? "None")" : ""
  }

  func filtered(_ rendered: String) -> String {
    guard let filter = eventTime else { return rendered }
    var conditions: [String] = []
    if let start = filter.start { conditions.append("\(filter.field) >= '\(start)'") }
    if let end = filter.end { conditions.append("\(filter.field) < '\(end)'") }
    if conditions.isEmpty { return rendered }
    return "(select * from \(rendered) where \(conditions.joined(separator: " and ")))\(alias("et_filter"))"
  }

  /// PostgreSQL's limit on a name (NAMEDATALEN - 1), in bytes.
  public static let maximumNameLength = 63
}
