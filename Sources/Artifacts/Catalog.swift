import Compiler
import Jinja
import Manifest

/// catalog.json, version 1 (https://schemas.getdbt.com/dbt/catalog/v1.json): what the database says of the relations
/// that nodes and sources stand for.
public struct Catalog {
  struct Column {
    var name: String
    var type: String
    var index: Int
    var comment: String?
  }

  struct Table {
    var type: String
    var schema: String
    var name: String
    var database: String
    var comment: String?
    var owner: String?
    var columns: [Column] = []
  }

  private var nodes: [(String, Table)] = []
  private var sources: [(String, Table)] = []

  /// An empty one (`--empty-catalog`).
  public init() {}

  /// - Parameters:
  ///   - table: what the `get_catalog_relations` macro gave, a row a column.
  ///   - selected: unique ids to include; nil includes all.
  public init(_ table: AgateTable, manifest: Manifest, selected: Set<String>?) {
    var tables: [String: Table] = [:]
    let position = Dictionary(
      table.columnNames.enumerated().map { ($1.lowercased(), $0) }, uniquingKeysWith: { a, _ in a })
    for row in table.rows {
      func text(_ name: String) -> String? {
        guard let i = position[name], !row[i].isNone else { return nil }
        return try? row[i].str(nil).string
      }
      let key = Self.key(text("table_database"), text("table_schema"), text("table_name"))
      var entry =
        tables[key]
        ?? Table(
          type: text("table_type") ?? "", schema: text("table_schema") ?? "", name: text("table_name") ?? "",
          database: text("table_database") ?? "", comment: text("table_comment"), owner: text("table_owner"))
      if let column = text("column_name") {
        entry.columns.append(
          Column(
            name: column, type: text("column_type") ?? "", index: text("column_index").flatMap(Int.init) ?? 0,
            comment: text("column_comment")))
      }
      tables[key] = entry
    }
    func wanted(_ id: String) -> Bool { selected?.contains(id) ?? true }
    for node in Array(manifest.nodes) where node.isRelational && !node.isEphemeralModel && wanted(node.uniqueID) {
      if let entry = tables[Self.key(node.database, node.schema, node.alias)] { nodes.append((node.uniqueID, entry)) }
    }
    for source in manifest.sources where wanted(source.uniqueID) {
      if let entry = tables[Self.key(source.database, source.schema, source.identifier)] {
        sources.append((source.uniqueID, entry))
      }
    }
  }

  private static func key(_ database: String?, _ schema: String?, _ name: String?) -> String {
    "\(database ?? "").\(schema ?? "").\(name ?? "")".lowercased()
  }

  public func bytes(_ metadata: ArtifactMetadata) -> [UInt8] {
    var out = JSONWriter(capacity: 1 << 16)
    out.beginObject()
    metadata.write(schema: "catalog/v1", &out)
    for (name, tables) in [("nodes", nodes), ("sources", sources)] {
      out.key(name)
      out.beginObject()
      for (id, table) in tables {
        out.key(id)
        Self.write(table, id, &out)
      }
      out.endObject()
    }
    out.key("errors")
    out.null()
    out.endObject()
    return out.bytes
  }

  private static func write(_ table: Table, _ id: String, _ out: inout JSONWriter) {
    out.beginObject()
    out.key("metadata")
    out.beginObject()
    for (key, value) in [
      ("type", table.type), ("schema", table.schema), ("name", table.name), ("database", table.database),
      ("comment", table.comment), ("owner", table.owner),
    ] as [(String, String?)] {
      out.key(key)
      out.value(value)
    }
    out.endObject()
    out.key("columns")
    out.beginObject()
    for column in table.columns.sorted(by: { $0.index < $1.index }) {
      out.key(column.name)
      out.beginObject()
      out.key("type")
      out.value(column.type)
      out.key("index")
      out.value(column.index)
      out.key("name")
      out.value(column.name)
      out.key("comment")
      out.value(column.comment)
      out.endObject()
    }
    out.endObject()
    out.key("stats")
    out.beginObject()
    out.key("has_stats")
    out.beginObject()
    out.key("id")
    out.value("has_stats")
    out.key("label")
    out.value("Has Stats?")
    out.key("value")
    out.value(false)
    out.key("include")
    out.value(false)
    out.key("description")
    out.value("Indicates whether there are statistics for this table")
    out.endObject()
    out.endObject()
    out.key("unique_id")
    out.value(id)
    out.endObject()
  }
}
