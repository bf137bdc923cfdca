import Jinja

/// A table's rows, made as they are asked for: how many there are is known without.
final class AgateRows: HostObject {
  private let table: AgateTable
  init(_ table: AgateTable) { self.table = table }

  override var typeName: String { "MappedSequence" }
  override var length: Int? { table.rowCount }
  override var isTrue: Bool { table.rowCount > 0 }
  override func iterate(_ interpreter: Interpreter) -> ValueIterator? { table.iterate(interpreter) }
  override func repr(_ interpreter: Interpreter?) throws -> Str { try sequence.repr(interpreter) }
  override func item(_ key: Value, _ interpreter: Interpreter) throws -> Value? {
    key.asInt == nil ? nil : try table.item(key, interpreter)
  }
  override func slice(_ start: Value, _ stop: Value, _ step: Value) throws -> Value? {
    try sequence.slice(start, stop, step)
  }
  override var methodNames: Set<String> { sequence.methodNames }
  override func invoke(_ name: String, _ a: HostArguments, _ interpreter: Interpreter) throws -> Value {
    try sequence.invoke(name, a, interpreter)
  }
  private lazy var sequence = AgateSequence((0..<table.rowCount).map { .object(AgateRow(table, $0)) }, keys: nil)
}

/// One row: by position or column name, iterable over its values.
public final class AgateRow: AgateSequence {
  private let table: AgateTable
  init(_ table: AgateTable, _ index: Int) {
    self.table = table
    super.init(table.rows[index], keys: table.columnNames)
  }
  var values: [Value] { items }

  public override var typeName: String { "Row" }
  public override func contains(_ member: Value, _ interpreter: Interpreter) throws -> Bool? {
    values.contains { $0.isEqual(to: member) }
  }
  public override func repr(_ interpreter: Interpreter?) throws -> Str {
    try Self.sample("Row", values, interpreter)
  }
  public override func isEqual(to other: Value) -> Bool {
    switch other {
    case .object(let o): return (o as? AgateRow).map { Value.tuple(values).isEqual(to: .tuple($0.values)) } ?? false
    default: return other.isEqual(to: .tuple(values)) || other.isEqual(to: .list(values))
    }
  }
  override func position(_ name: String) -> Int? { table.position(name) }
  public override func property(_ name: String) -> Value? {
    methodNames.contains(name) ? nil : position(name).map { values[$0] }
  }
}

/// What `group_by` gives: tables by the value that their rows share.
final class AgateTableSet: AgateSequence {
  override var typeName: String { "TableSet" }
}
