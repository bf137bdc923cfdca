import Crypto
import Diagnostics
import Events
import Jinja

/// One entry of the `indexes` configuration (https://docs.getdbt.com/reference/resource-configs/postgres-configs#indexes).
public final class IndexConfigValue: HostObject {
  let columns: [String]
  let unique: Bool
  let type: String?

  init(columns: [String], unique: Bool, type: String?) {
    self.columns = columns
    self.unique = unique
    self.type = type
  }

  public override var typeName: String { "PostgresIndexConfig" }
  public override func repr(_ interpreter: Interpreter?) throws -> Str {
    let columns = try Value.list(columns.map { .string($0) }).repr(interpreter).string
    let type = try RelationValue.optional(type).repr(interpreter).string
    return Str.make("PostgresIndexConfig(columns=\(columns), unique=\(unique ? "True" : "False"), type=\(type))")
  }
  public override func property(_ name: String) -> Value? {
    switch name {
    case "columns": .list(columns.map { .string($0) })
    case "unique": .bool(unique)
    case "type": RelationValue.optional(type)
    default: nil
    }
  }
  public override var methodNames: Set<String> { ["render"] }

  /// `render(relation)`: the index's name. A table is built beside its predecessor, whose indexes still have their
  /// names, so a part of the name is new each time; the rest says what it is an index of.
  public override func invoke(_ name: String, _ a: HostArguments, _ r: Interpreter) throws -> Value {
    let relation = try a.required(0, "relation").asObject(RelationValue.self)?.relation
    let now = Timestamp.now()
    let inputs = columns + [relation?.render() ?? "", "\(unique)", type ?? "None", now.iso, "\(now.nanoseconds)"]
    let digest = Insecure.MD5.hash(data: Array(inputs.joined(separator: "_").utf8))
    let suffix = digest.prefix(5).map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    var readable = ([relation?.identifier ?? "index"] + columns).joined(separator: "_")
    for ending in ["__dbt_tmp", "__dbt_backup"] {
      if let cut = readable.firstRange(ofText: ending) { readable.removeSubrange(cut) }
    }
    return .string("\(readable.prefixOfBytes(Relation.maximumNameLength - 11))_\(suffix)")
  }

  static func parse(_ raw: Value, _ r: Interpreter) throws -> Value {
    if raw.isNone { return .none }
    guard case .dict(let dict) = raw else {
      throw ExecutionError(
        .compilation,
        "Invalid index config:\n  Got: \(try raw.str(r).string)\n  "
          + "Expected a dictionary with at minimum a \"columns\" key")
    }
    for key in dict.keys where !["columns", "unique", "type"].contains(key.asString ?? "") {
      throw invalid("Additional properties are not allowed ('\(try key.str(r).string)' was unexpected)")
    }
    guard let columns = dict["columns"] else { throw invalid("'columns' is a required property") }
    guard case .list(let list) = columns else {
      throw invalid("at path ['columns']: \(try columns.repr(r).string) is not of type 'array'")
    }
    let names = try list.items.map { item -> String in
      guard case .string(let name) = item else {
        throw invalid("at path ['columns']: \(try item.repr(r).string) is not of type 'string'")
      }
      return name.string
    }
    if let unique = dict["unique"], case .bool = unique {
    } else if let unique = dict["unique"], !unique.isNone {
      throw invalid("at path ['unique']: \(try unique.repr(r).string) is not of type 'boolean'")
    }
    return .object(
      IndexConfigValue(columns: names, unique: dict["unique"]?.isTrue ?? false, type: dict["type"]?.asString))
  }

  private static func invalid(_ why: String) -> ExecutionError {
    ExecutionError(.compilation, "Could not parse index config: \(why)")
  }
}

/// Which indexes of a materialized view must be dropped or made to match its configuration.
enum IndexChanges {
  private struct Key: Hashable {
    var columns: Set<String>
    var unique: Bool
    var method: String
  }

  /// An object with `indexes` (a list of changes: `action`, `context`) and `requires_full_refresh`, or none when
  /// nothing changed.
  static func collection(existing: Value, config: Value, _ r: Interpreter) throws -> Value {
    var old: [(Key, String)] = []
    let results = try r.callMethod(existing, Str.make("get"), Arguments([.string("indexes"), .none]))
    if let table = results.asObject(AgateTable.self) {
      for row in table.rows {
        func cell(_ name: String) throws -> Value { row[try table.column(.string(name), r)] }
        let columns = Set(try cell("column_names").str(r).string.split(separator: ",").map { $0.lowercased() })
        old.append(
          (
            Key(columns: columns, unique: try cell("unique").isTrue, method: try cell("method").str(r).string),
            try cell("name").str(r).string
          ))
      }
    }
    var new: [Key] = []
    let settings = try r.getAttribute(config, Str.make("config"))
    let wanted = try r.callMethod(settings, Str.make("get"), Arguments([.string("indexes"), .list([])]))
    for entry in wanted.asList?.items ?? [] {
      guard case .object(let object) = try IndexConfigValue.parse(entry, r), let index = object as? IndexConfigValue
      else { continue }
      new.append(
        Key(columns: Set(index.columns.map { $0.lowercased() }), unique: index.unique, method: index.type ?? "btree"))
    }
    var changes: [Value] = []
    for (key, name) in old where !new.contains(key) { changes.append(change("drop", key, name: name)) }
    for key in new where !old.contains(where: { $0.0 == key }) { changes.append(change("create", key, name: "")) }
    if changes.isEmpty { return .none }
    return .dict([
      "indexes": .list(changes), "requires_full_refresh": .bool(false), "has_changes": .bool(true),
    ])
  }

  private static func change(_ action: String, _ key: Key, name: String) -> Value {
    let columns = Value.list(key.columns.sorted().map { .string($0) })
    return .dict([
      "action": .string(action), "requires_full_refresh": .bool(false),
      "context": .dict([
        "name": .string(name), "column_names": columns, "unique": .bool(key.unique), "method": .string(key.method),
        "as_node_config": .dict(["columns": columns, "unique": .bool(key.unique), "type": .string(key.method)]),
      ]),
    ])
  }
}

extension String {
  /// The longest beginning of at most so many bytes that cuts no character.
  func prefixOfBytes(_ limit: Int) -> String {
    var out = String.UnicodeScalarView()
    var size = 0
    for scalar in unicodeScalars {
      let width = UTF8.width(scalar)
      if size + width > limit { break }
      size += width
      out.append(scalar)
    }
    return String(out)
  }

  /// Where a text first stands in this one.
  func firstRange(ofText needle: String) -> Range<String.Index>? {
    let wanted = Array(needle.utf8)
    guard !wanted.isEmpty else { return nil }
    var start = utf8.startIndex
    while let first = utf8[start...].firstIndex(of: wanted[0]) {
      if utf8[first...].starts(with: wanted) { return first..<utf8.index(first, offsetBy: wanted.count) }
      start = utf8.index(after: first)
    }
    return nil
  }
}
