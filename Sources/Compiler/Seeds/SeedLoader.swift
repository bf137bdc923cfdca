import Diagnostics
import Jinja
import Manifest
import Postgres

/// The SQL type a table's column gets in the database (dbt's `convert_type`).
enum SeedTypes {
  static func sqlType(_ table: AgateTable, _ column: Int) -> String? {
    switch table.columnTypes[column] {
    case .integer: "integer"
    case .number: hasDecimals(table, column) ? "float8" : "integer"
    case .text: "text"
    case .boolean: "boolean"
    case .date: "date"
    case .dateTime, .isoDateTime: "timestamp without time zone"
    case .timeDelta: "time"
    }
  }

  private static func hasDecimals(_ table: AgateTable, _ column: Int) -> Bool {
    if let seed = table.source as? SeedSource { return seed.layout.columns[column].hasDecimals }
    return table.rows.contains { row in
      guard var text = try? row[column].str(nil).string else { return false }
      return text.withUTF8 { bytes in
        if case .value(let number) = SeedNumberReader().read(bytes) { number.decimalPlaces > 0 } else { false }
      }
    }
  }
}

/// `load_agate_table` and what streams a seed's file into its table.
enum SeedLoader {
  /// The table of the seed being run; its rows are read only when they are asked for.
  static func table(_ context: DbtContext) throws -> AgateTable {
    guard let node = context.node, node.resourceType == .seed else {
      throw ExecutionError(
        .compilation,
        "can only load_agate_table for seeds (got a \(context.node?.resourceType.rawValue ?? "operation"))")
    }
    let delimiter = node.config[.delimiter].asString ?? ","
    guard delimiter.unicodeScalars.count == 1 else {
      throw Diagnostic(
        "seed-delimiter", .compilation, "The delimiter of \(node.uniqueID) is '\(delimiter)': it must be one character")
    }
    let text = Set(node.config[.columnTypes].asDict?.keys.map { $0 } ?? [])
    let root = node.rootPath ?? context.project.settings.root
    let source = try SeedSource(
      path: "\(root)/\(node.originalFilePath)", shown: node.originalFilePath, delimiter: delimiter, textColumns: text)
    return AgateTable(
      columnNames: source.layout.columns.map(\.name), columnTypes: source.layout.columns.map(\.type), source: source)
  }

  /// `adapter.copy_seed(relation, columns, agate_table)`: the file into the table, in the open transaction.
  /// - Returns: the statement, which target/run shows.
  static func copy(
    relation: Value, table: Value?, columns: String, _ session: DatabaseSession
  ) throws -> Value {
    guard let target = relation.asObject(RelationValue.self)?.relation,
      let source = table?.asObject(AgateTable.self)?.source as? SeedSource
    else {
      throw ExecutionError(.compilation, "copy_seed needs a relation and the table that load_agate_table gives")
    }
    let name = target.render()
    let forms = try Self.forms(source, name, session)
    guard forms.contains(where: { $0.needsStaging }) else {
      let sql = "copy \(name) (\(columns)) from stdin"
      try session.copyIn(sql) { try SeedCopy(source: source, forms: forms.map(\.form)).write(to: $0) }
      return .string(sql)
    }
    // Times with a zone go into a column without one by the session's zone; only PostgreSQL knows the zones' rules.
    let staging = "tenon_seed_times"
    let types = zip(source.layout.columns, forms).map { $1.needsStaging ? "timestamptz" : $1.type }
    let names = types.indices.map { "c\($0)" }.joined(separator: ", ")
    _ = try session.execute(
      "create temporary table \(staging) (\(zip(types.indices, types).map { "c\($0) \($1)" }.joined(separator: ", "))) "
        + "on commit drop", autoBegin: true)
    try session.copyIn("copy \(staging) (\(names)) from stdin") {
      try SeedCopy(source: source, forms: forms.map(\.form)).write(to: $0)
    }
    let sql = "insert into \(name) (\(columns)) select \(names) from \(staging)"
    _ = try session.execute(sql, autoBegin: true)
    _ = try session.execute("drop table \(staging)", autoBegin: true)
    return .string(sql)
  }

  private struct ColumnForm {
    var form: SeedCopy.Form
    /// The type of the table's column.
    var type: String
    var needsStaging = false
  }

  /// The forms of a file's columns by the types of the table they go into, which may be older than the file.
  private static func forms(_ source: SeedSource, _ name: String, _ session: DatabaseSession) throws -> [ColumnForm] {
    let connection = try session.connection()
    let known: QueryResult
    do {
      known = try connection.execute(
        "select attname, atttypid::int8, format_type(atttypid, atttypmod) from pg_catalog.pg_attribute "
          + "where attrelid = \(SQL.literal(name))::regclass and attnum > 0 and not attisdropped")
    } catch let error as PostgresError {
      session.rollbackIfOpen()
      throw ExecutionError(error)
    }
    var types: [String: (id: Int64, name: String)] = [:]
    for row in 0..<known.rowCount {
      if case .text(let name) = known.value(row, 0), case .integer(let id) = known.value(row, 1),
        case .text(let type) = known.value(row, 2)
      {
        types[name] = (id, type)
      }
    }
    let isUTC = ["UTC", "Etc/UTC", "GMT", "Etc/GMT", "Zulu"].contains(connection.serverParameter("TimeZone") ?? "")
    return source.layout.columns.map { column in
      // Without quotes the database folds a name.
      let type = types[column.name] ?? types[column.name.lowercased()] ?? (25, "text")
      switch column.type {
      case .integer, .text, .timeDelta: return ColumnForm(form: .text, type: type.name)
      case .number: return ColumnForm(form: [20, 21, 23].contains(type.id) ? .integer : .number, type: type.name)
      case .date: return ColumnForm(form: .date, type: type.name)
      case .dateTime: return ColumnForm(form: .dateTime, type: type.name)
      case .boolean: return ColumnForm(form: .boolean, type: type.name)
      case .isoDateTime:
        if !column.hasZone { return ColumnForm(form: .iso, type: type.name) }
        if type.id == 1184 { return ColumnForm(form: .isoWithZone, type: type.name) }
        return ColumnForm(form: isUTC ? .iso : .isoWithZone, type: type.name, needsStaging: !isUTC)
      }
    }
  }
}
