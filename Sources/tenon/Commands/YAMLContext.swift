import Jinja
import YAML

/// A YAML document as a value of templates.
enum YAMLContext {
  static func value(_ value: YAMLValue) throws -> Value {
    switch value {
    case .null: return Value.none
    case .bool(let b): return .bool(b)
    case .int(let i): return .int(i)
    case .bigInt(let digits): return try JSON.parse(digits)
    case .float(let d): return .float(d)
    case .string(let text): return .string(text)
    case .date(let date): return PythonTime.date(date.year, date.month, date.day) ?? .none
    case .dateTime(let time):
      return PythonTime.dateTime(
        time.date.year, time.date.month, time.date.day, time.hour, time.minute, time.second, time.microsecond,
        utcOffset: time.offset.map { $0 * 60 }) ?? .none
    case .binary(let bytes): return .string(String(decoding: bytes, as: UTF8.self))
    case .sequence(let items): return .list(try items.map(self.value))
    case .mapping(let pairs):
      let dict = DictObject(capacity: pairs.count)
      for pair in pairs { try dict.set(self.value(pair.key), self.value(pair.value)) }
      return .dict(dict)
    }
  }
}
