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

  /// What a `get_catalog_relations` macro of the project's own says of a relation in columns named
  /// `stats:rows:label`, `stats:rows:value`, …
  struct Statistic {
    var id: String
    var label: String
    var value: ConfigValue
    var description: String?
    var include: Bool

    static func hasStatistics(_ flag: Bool) -> Statistic {
      Statistic(
        id: "has_stats", label: "Has Stats?", value: .bool(flag),
        description: "Indicates whether there are statistics for this table", include: false)
    }
  }

  struct Table {
    var type: String
    var schema: String
    var name: String
    var database: String
    var comment: String?
    var owner: String?
    var columns: [Column] = []
    var statistics: [Statistic] = []
  }

  private var nodes: [(String, Table)] = []
  private var sources: [(String, Table)] = []

  /// An empty one (`--empty-catalog`).
  public init() {}

  /// - Parameters:
  ///   - table: what the `get_catalog_relations` macro gave, a row a column; its order is the catalog's.
  ///   - selected: unique ids to include; nil includes all.
  public init(_ table: AgateTable, manifest: Manifest, selected: Set<String>?) {
    func wanted(_ id: String) -> Bool { selected?.contains(id) ?? true }
    var nodeIDs: [String: String] = [:]
    for node in Array(manifest.nodes) where node.isRelational && !node.isEphemeralModel && wanted(node.uniqueID) {
      nodeIDs[Self.key(node.database, node.schema, node.alias)] = node.uniqueID
    }
    var sourceIDs: [String: [String]] = [:]
    for source in manifest.sources where wanted(source.uniqueID) {
      sourceIDs[Self.key(source.database, source.schema, source.identifier), default: []].append(source.uniqueID)
    }
    for entry in Self.tables(table) {
      let key = Self.key(entry.database, entry.schema, entry.name)
      if let id = nodeIDs[key] { nodes.append((id, entry)) }
      for id in sourceIDs[key] ?? [] { sources.append((id, entry)) }
    }
  }

  private static func tables(_ table: AgateTable) -> [Table] {
    let position = Dictionary(
      table.columnNames.enumerated().map { ($1.lowercased(), $0) }, uniquingKeysWith: { a, _ in a })
    let statistics = Set(
      position.keys.filter { $0.hasPrefix("stats:") }.compactMap { $0.split(separator: ":").dropFirst().first }
    ).map(String.init).sorted()
    var tables: [Table] = []
    var places: [String: Int] = [:]
    for row in table.rows {
      func cell(_ name: String) -> Value? { position[name].map { row[$0] } }
      func text(_ name: String) -> String? {
        guard let value = cell(name), !value.isNone else { return nil }
        return try? value.str(nil).string
      }
      let key = Self.key(text("table_database"), text("table_schema"), text("table_name"))
      let place = places[key] ?? tables.count
      if place == tables.count {
        places[key] = place
        var entry = Table(
          type: text("table_type") ?? "", schema: text("table_schema") ?? "", name: text("table_name") ?? "",
          database: text("table_database") ?? "", comment: text("table_comment"), owner: text("table_owner"))
        entry.statistics = statistics.compactMap { Self.statistic($0, cell) }
        tables.append(entry)
      }
      if let column = text("column_name") {
        tables[place].columns.append(
          Column(
            name: column, type: text("column_type") ?? "", index: text("column_index").flatMap(Int.init) ?? 0,
            comment: text("column_comment")))
      }
    }
    return tables
  }

  /// Nil for one that is not to be shown, or lacks a part.
  private static func statistic(_ id: String, _ cell: (String) -> Value?) -> Statistic? {
    func part(_ name: String) -> ConfigValue? { cell("stats:\(id):\(name)").map(ConfigValue.init) }
    guard part("include")?.asBool ?? false, let label = part("label")?.asString, let value = part("value") else {
      return nil
    }
    return Statistic(id: id, label: label, value: value, description: part("description")?.asString, include: true)
  }

  private static func key(_ database: String?, _ schema: String?, _ name: String?) -> String {
    "\(database ?? "").\(schema ?? "").\(name ?? "")".lowercased()
  }

  public func bytes(_ metadata: ArtifactMetadata) -> [UInt8] {
    var out = JSONSink(capacity: 1 << 16)
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

  private static func write(_ table: Table, _ id: String, _ out: inout JSONSink) {
    out.beginObject()
    out.key("metadata")
    out.beginObject()
    out.field("type", table.type)
    out.field("schema", table.schema)
    out.field("name", table.name)
    out.field("database", table.database)
    out.field("comment", table.comment)
    out.field("owner", table.owner)
    out.endObject()
    out.key("columns")
    out.beginObject()
    for column in table.columns {
      out.key(column.name)
      out.beginObject()
      out.field("type", column.type)
      out.field("index", column.index)
      out.field("name", column.name)
      out.field("comment", column.comment)
      out.endObject()
    }
    out.endObject()
    out.key("stats")
    statistics(table.statistics, &out)
    out.field("unique_id", id)
    out.endObject()
  }

  private static func statistics(_ statistics: [Statistic], _ out: inout JSONSink) {
    out.beginObject()
    for statistic in statistics + [.hasStatistics(!statistics.isEmpty)] {
      out.key(statistic.id)
      out.beginObject()
      out.field("id", statistic.id)
      out.field("label", statistic.label)
      out.field("value", statistic.value)
      out.field("include", statistic.include)
      out.field("description", statistic.description)
      out.endObject()
    }
    out.endObject()
  }
}
