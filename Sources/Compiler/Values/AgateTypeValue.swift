import Jinja

/// A column's type object: what `table.columns[0].data_type` and `table.column_types` give
/// (https://agate.readthedocs.io/en/latest/api/data_types.html).
final class AgateTypeValue: HostObject {
  let type: AgateType
  init(_ type: AgateType) { self.type = type }
  override var typeName: String { type.rawValue }
  override func repr(_ interpreter: Interpreter?) -> Str { Str.make("<agate.data_types.\(type.rawValue) object>") }
  override func isEqual(to other: Value) -> Bool {
    if case .object(let o) = other { return (o as? AgateTypeValue)?.type == type }
    return false
  }

  override var methodNames: Set<String> { ["jsonify", "csvify"] }
  override func invoke(_ name: String, _ a: HostArguments, _ interpreter: Interpreter) throws -> Value {
    let value = try a.required(0, "d")
    if value.isNone { return .none }
    switch (name, type) {
    case ("jsonify", .integer), ("jsonify", .boolean): return value
    case ("jsonify", .number):
      let text = try value.str(interpreter).string
      guard let number = Double(text) else {
        throw TemplateError(.value, "could not convert string to float: '\(text)'")
      }
      return .float(number)
    case (_, .date), (_, .dateTime), (_, .isoDateTime):
      return try interpreter.callMethod(value, Str.make("isoformat"), Arguments())
    default: return .string(try value.str(interpreter))
    }
  }
}
