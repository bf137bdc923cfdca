import Jinja

/// The type of a table's column, as agate (dbt's table library) infers it.
public enum AgateType: String, Sendable {
  case integer = "Integer"
  case number = "Number"
  case date = "Date"
  case dateTime = "DateTime"
  case isoDateTime = "ISODateTime"
  case boolean = "Boolean"
  case text = "Text"
  case timeDelta = "TimeDelta"
}

/// A query's rows as templates see them: dbt gives agate tables, and packages use their API
/// (https://agate.readthedocs.io/en/latest/api/table.html).
public final class AgateTable: HostObject {
  public let columnNames: [String]
  public let columnTypes: [AgateType]
  /// Where the rows come from when they are not in memory.
  let source: (any AgateRowSource)?
  private var loaded: [[Value]]?
  private let positions: [String: Int]

  /// One array a row, as long as `columnNames`. The rows of a file are read when this is first asked for.
  public var rows: [[Value]] {
    if let loaded { return loaded }
    let rows = (try? source?.rows(limit: nil)) ?? []
    loaded = rows
    return rows
  }

  /// Does not read rows that are not in memory.
  public var rowCount: Int { loaded?.count ?? source?.rowCount ?? 0 }

  /// The first rows; only these are read when the rows are not in memory.
  public func firstRows(_ limit: Int) -> [[Value]] {
    if let loaded { return Array(loaded.prefix(limit)) }
    return (try? source?.rows(limit: limit)) ?? []
  }

  public convenience init(columnNames: [String], columnTypes: [AgateType], rows: [[Value]]) {
    self.init(columnNames, columnTypes, rows, nil)
  }

  convenience init(columnNames: [String], columnTypes: [AgateType], source: any AgateRowSource) {
    self.init(columnNames, columnTypes, nil, source)
  }

  private init(
    _ columnNames: [String], _ columnTypes: [AgateType], _ rows: [[Value]]?, _ source: (any AgateRowSource)?
  ) {
    let names = Self.unique(columnNames)
    self.columnNames = names
    self.columnTypes = columnTypes
    loaded = rows
    self.source = source
    positions = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { a, _ in a })
  }

  public static var empty: AgateTable { AgateTable(columnNames: [], columnTypes: [], rows: []) }

  /// Two columns of one name become `name` and `name_2`; one without a name is called by its place: `a`, `b`, … `aa`.
  static func unique(_ names: [String]) -> [String] {
    var taken: Set<String> = []
    return names.enumerated().map { i, name in
      let letter = String(UnicodeScalar(UInt8(ascii: "a") + UInt8(i % 26)))
      let wanted = name.isEmpty ? String(repeating: letter, count: i / 26 + 1) : name
      var found = wanted
      var count = 2
      while !taken.insert(found).inserted {
        found = "\(wanted)_\(count)"
        count += 1
      }
      return found
    }
  }

  func position(_ name: String) -> Int? { positions[name] }

  func column(_ value: Value, _ interpreter: Interpreter) throws -> Int {
    switch value {
    case .int(let i) where i >= 0 && i < columnNames.count: return i
    case .string(let s):
      if let i = positions[s.string] { return i }
      throw TemplateError(
        .key, "'\(s.string)'", hint: "The table's columns are \(columnNames.joined(separator: ", ")).")
    case .object(let object):
      if let column = object as? AgateColumn { return column.index }
      fallthrough
    default:
      throw TemplateError(.key, try value.repr(interpreter).string)
    }
  }

  public override var typeName: String { "Table" }
  public override var length: Int? { rowCount }
  public override var isTrue: Bool { rowCount > 0 }
  public override func iterate(_ interpreter: Interpreter) -> ValueIterator? {
    ArrayIterator((0..<rowCount).map { .object(AgateRow(self, $0)) })
  }
  public override func repr(_ interpreter: Interpreter?) throws -> Str { Str.make("<agate.table.Table object>") }
  public override func str(_ interpreter: Interpreter?) throws -> Str {
    Str.make(
      (["| column | data_type |", "| ------ | --------- |"]
        + zip(columnNames, columnTypes).map { "| \($0) | \($1.rawValue) |" }).joined(separator: "\n") + "\n")
  }

  public override func property(_ name: String) -> Value? {
    switch name {
    case "columns":
      .object(AgateSequence(columnNames.indices.map { .object(AgateColumn(self, $0)) }, keys: columnNames))
    case "column_names": .tuple(columnNames.map { .string($0) })
    case "column_types": .tuple(columnTypes.map { .object(AgateTypeValue($0)) })
    case "rows": .object(AgateRows(self))
    case "row_names": Value.none
    default: nil
    }
  }

  /// `table[0]`: a row.
  public override func item(_ key: Value, _ interpreter: Interpreter) throws -> Value? {
    guard let index = key.asInt else { return try super.item(key, interpreter) }
    let at = index < 0 ? index + rowCount : index
    return at >= 0 && at < rowCount ? .object(AgateRow(self, at)) : nil
  }

  public override var methodNames: Set<String> { Self.methods }
  private static let methods: Set<String> = [
    "print_table", "print_csv", "print_json", "to_csv", "to_json", "rename", "select", "exclude", "where", "find",
    "order_by", "limit", "distinct", "group_by", "merge", "join", "get_column", "aggregate", "compute",
  ]

  public override func invoke(_ name: String, _ a: HostArguments, _ interpreter: Interpreter) throws -> Value {
    switch name {
    case "select":
      return .object(try picked(try indexes(a.required(0, "key"), interpreter)))
    case "exclude":
      let excluded = try indexes(a.required(0, "key"), interpreter)
      return .object(try picked(columnNames.indices.filter { !excluded.contains($0) }))
    case "rename":
      var names = columnNames
      switch a.optional(0, "column_names") {
      case .dict(let dict)?:
        for i in names.indices { if let new = dict[names[i]] { names[i] = try new.str(interpreter).string } }
      case let value?:
        if !value.isNone {
          for (i, new) in try items(value, interpreter).enumerated() where i < names.count {
            names[i] = try new.str(interpreter).string
          }
        }
      case nil: break
      }
      return .object(AgateTable(columnNames: names, columnTypes: columnTypes, rows: rows))
    case "where", "find":
      let test = try a.required(0, "test")
      var kept: [[Value]] = []
      for i in rows.indices {
        if try interpreter.truth(interpreter.call(test, Arguments([.object(AgateRow(self, i))]))) {
          if name == "find" { return .object(AgateRow(self, i)) }
          kept.append(rows[i])
        }
      }
      return name == "find" ? .none : .object(with(kept))
    case "order_by":
      let reverse = a.bool(1, "reverse", default: false)
      let keys = try indexes(a.required(0, "key"), interpreter)
      return .object(with(try rows.sortedByColumns(keys, reverse: reverse)))
    case "limit":
      let start = a.optional(0, "start_or_stop")?.asInt
      let stop = a.optional(1, "stop")?.asInt
      let step = max(1, a.optional(2, "step")?.asInt ?? 1)
      let range =
        stop == nil
        ? 0..<min(rows.count, max(0, start ?? rows.count))
        : min(rows.count, max(0, start ?? 0))..<max(min(rows.count, max(0, start ?? 0)), min(rows.count, stop ?? 0))
      return .object(with(stride(from: range.lowerBound, to: range.upperBound, by: step).map { rows[$0] }))
    case "distinct":
      let keys = try a.optional(0, "key").map { try indexes($0, interpreter) } ?? Array(columnNames.indices)
      let seen = DictObject()
      var kept: [[Value]] = []
      for row in rows {
        let key = Value.tuple(keys.map { row[$0] })
        if try seen.get(key) == nil {
          try seen.set(key, .none)
          kept.append(row)
        }
      }
      return .object(with(kept))
    case "group_by":
      let key = try column(a.required(0, "key"), interpreter)
      // Tables by value, in the order in which the values come up.
      var values: [Value] = []
      var groups: [[[Value]]] = []
      let places = DictObject()
      for row in rows {
        if let place = try places.get(row[key])?.asInt {
          groups[place].append(row)
        } else {
          try places.set(row[key], .int(groups.count))
          values.append(row[key])
          groups.append([row])
        }
      }
      return .object(AgateTableSet(groups.map { .object(with($0)) }, keys: nil, values: values))
    case "print_table":
      try interpreter.printed(
        AgateText.table(
          self, maximumRows: a.optional(0, "max_rows")?.asInt ?? 20,
          maximumColumns: a.optional(1, "max_columns")?.asInt ?? 6,
          maximumWidth: a.optional(4, "max_column_width")?.asInt ?? 20))
      return .none
    case "print_csv", "to_csv":
      let text = AgateText.csv(self)
      if name == "to_csv", let path = a.optional(0, "path"), case .object(let object) = path {
        if try object.callMethod(Str.make("write"), Arguments([.string(text)]), interpreter) != nil { return .none }
      }
      try interpreter.printed(text)
      return .none
    case "print_json", "to_json":
      try interpreter.printed(AgateText.json(self, interpreter))
      return .none
    default: return try super.invoke(name, a, interpreter)
    }
  }

  private func with(_ rows: [[Value]]) -> AgateTable {
    AgateTable(columnNames: columnNames, columnTypes: columnTypes, rows: rows)
  }

  private func picked(_ keys: [Int]) throws -> AgateTable {
    AgateTable(
      columnNames: keys.map { columnNames[$0] }, columnTypes: keys.map { columnTypes[$0] },
      rows: rows.map { row in keys.map { row[$0] } })
  }

  private func items(_ value: Value, _ interpreter: Interpreter) throws -> [Value] {
    let iterator = try value.iterate(interpreter)
    var out: [Value] = []
    while let item = try iterator.next() { out.append(item) }
    return out
  }

  private func indexes(_ value: Value, _ interpreter: Interpreter) throws -> [Int] {
    switch value {
    case .string, .int: return [try column(value, interpreter)]
    default: return try items(value, interpreter).map { try column($0, interpreter) }
    }
  }
}

extension [[Value]] {
  /// Nulls last, as agate orders them; a stable sort.
  func sortedByColumns(_ keys: [Int], reverse: Bool) throws -> [[Value]] {
    var failure: (any Error)?
    let order = enumerated().sorted { a, b in
      for key in keys {
        let x = a.element[key]
        let y = b.element[key]
        if x.isNone || y.isNone {
          if x.isNone && y.isNone { continue }
          return reverse ? x.isNone : y.isNone
        }
        do {
          let c = try x.compare(to: y)
          if c != 0 { return reverse ? c > 0 : c < 0 }
        } catch { failure = failure ?? error }
      }
      return a.offset < b.offset
    }
    if let failure { throw failure }
    return order.map(\.element)
  }
}

/// Rows that are read when they are asked for.
protocol AgateRowSource: AnyObject {
  var rowCount: Int { get }
  /// - Throws: when what they come from has changed.
  func rows(limit: Int?) throws -> [[Value]]
}
