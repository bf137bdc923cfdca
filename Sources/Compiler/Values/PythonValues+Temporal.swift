import Jinja
import Manifest
import Postgres

extension PythonValues {
  static func integer(_ digits: String) -> Value { Int(digits).map { .int($0) } ?? .string(digits) }
  static func decimal(_ text: String) -> Value { .string(text) }
  static func decimal(_ value: Value) -> Value { value }
  static func date(_ text: String) -> Value { .string(text) }
  static func dateTime(_ text: String) -> Value { .string(text) }
  static func date(_ d: CivilDate) -> Value { .string("\(d.year)-\(d.month)-\(d.day)") }
  static func time(_ t: CivilTime) -> Value { .string("\(t.hour):\(t.minute):\(t.second)") }
  static func dateTime(_ d: CivilDate, _ t: CivilTime) -> Value {
    .string("\(d.year)-\(d.month)-\(d.day) \(t.hour):\(t.minute):\(t.second)")
  }
  static func interval(_ i: PostgresInterval) -> Value { .string("\(i.days) days") }
  static func agateType(_ object: Object) -> AgateType { .text }
  static func config(_ object: Object, _ interpreter: Interpreter?) throws -> ConfigValue {
    .string(try object.str(interpreter).string)
  }
}
