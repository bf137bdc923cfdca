import Jinja
import Postgres

/// A result as a table, types inferred as dbt does: what psycopg2 gives is looked at column by column, text is never
/// turned into something else (dbt's `table_from_data_flat`).
public enum QueryTable {
  public static func make(_ result: QueryResult, limit: Int?) -> AgateTable {
    guard result.hasRows else { return .empty }
    let count = limit.map { $0 > 0 ? min($0, result.rowCount) : result.rowCount } ?? result.rowCount
    let width = result.columns.count
    var rows = [[Value]](repeating: [], count: count)
    for i in 0..<count {
      rows[i].reserveCapacity(width)
      for c in 0..<width { rows[i].append(PythonValues.value(result.value(i, c))) }
    }
    var types: [AgateType] = []
    for c in 0..<width { types.append(infer(c, &rows)) }
    return AgateTable(columnNames: result.columns.map(\.name), columnTypes: types, rows: rows)
  }

  /// The first type of Integer, Number, Date, DateTime, Boolean, Text that all values of a column have; values are
  /// converted to it.
  private static func infer(_ column: Int, _ rows: inout [[Value]]) -> AgateType {
    var kinds: Set<AgateType> = []
    for row in rows {
      switch row[column] {
      case .none: continue
      case .int: kinds.insert(.integer)
      case .float: kinds.insert(.number)
      case .bool: kinds.insert(.boolean)
      case .object(let object): kinds.insert(PythonValues.agateType(object))
      default: kinds.insert(.text)
      }
      if kinds.contains(.text) { break }
    }
    let type: AgateType
    switch kinds {
    case []: return .integer
    case [.integer]: return .integer
    case [.number], [.number, .integer]: type = .number
    case [.date]: return .date
    case [.dateTime], [.dateTime, .date]: return .dateTime
    case [.boolean]: return .boolean
    case [.timeDelta]: return .timeDelta
    default: type = .text
    }
    for i in rows.indices {
      let value = rows[i][column]
      switch (type, value) {
      case (_, .none): continue
      case (.number, _): rows[i][column] = PythonValues.decimal(value)
      case (.text, .string): continue
      case (.text, .list), (.text, .tuple), (.text, .dict):
        // Containers are shown as JSON.
        if let text = try? JSON.dumps(value) { rows[i][column] = .string(text) }
      case (.text, _): if let text = try? value.str(nil) { rows[i][column] = .string(text) }
      default: continue
      }
    }
    return type
  }
}
