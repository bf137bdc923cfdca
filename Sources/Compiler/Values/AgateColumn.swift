import Jinja

/// One column: its name, type and values.
public final class AgateColumn: HostObject {
  let table: AgateTable
  let index: Int
  init(_ table: AgateTable, _ index: Int) {
    self.table = table
    self.index = index
  }
  var values: [Value] { table.rows.map { $0[index] } }

  public override var typeName: String { "Column" }
  public override var length: Int? { table.rowCount }
  public override func iterate(_ interpreter: Interpreter) -> ValueIterator? { ArrayIterator(values) }
  public override func contains(_ member: Value, _ interpreter: Interpreter) throws -> Bool? {
    values.contains { $0.isEqual(to: member) }
  }
  public override func repr(_ interpreter: Interpreter?) throws -> Str {
    try AgateSequence.sample("Column", values, interpreter)
  }
  public override func item(_ key: Value, _ interpreter: Interpreter) throws -> Value? {
    guard let i = key.asInt else { return nil }
    let position = i < 0 ? i + table.rows.count : i
    return table.rows.indices.contains(position) ? table.rows[position][index] : nil
  }
  public override func slice(_ start: Value, _ stop: Value, _ step: Value) throws -> Value? {
    try Value.tuple(values).slice(start, stop, step)
  }
  public override func property(_ name: String) -> Value? {
    switch name {
    case "name": .string(table.columnNames[index])
    case "index": .int(index)
    case "data_type": .object(AgateTypeValue(table.columnTypes[index]))
    default: nil
    }
  }
  public override var methodNames: Set<String> {
    ["values", "values_distinct", "values_without_nulls", "values_sorted", "values_without_nulls_sorted"]
  }
  public override func invoke(_ name: String, _ a: HostArguments, _ interpreter: Interpreter) throws -> Value {
    switch name {
    case "values": return .tuple(values)
    case "values_distinct":
      let seen = DictObject()
      for value in values { try seen.set(value, .none) }
      return .tuple(seen.keys)
    case "values_without_nulls": return .tuple(values.filter { !$0.isNone })
    case "values_sorted": return .list(try sorted(values))
    default: return .list(try sorted(values.filter { !$0.isNone }))
    }
  }
  private func sorted(_ values: [Value]) throws -> [Value] {
    try values.map { [$0] }.sortedByColumns([0], reverse: false).map { $0[0] }
  }
}
