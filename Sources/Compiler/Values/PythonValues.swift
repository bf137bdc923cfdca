import Jinja
import Manifest
import Postgres
import YAML

/// Values of other rooms as values of the template language.
enum PythonValues {
  /// A field as psycopg2 gives it to Python.
  static func value(_ value: PostgresValue) -> Value {
    switch value {
    case .null: return .none
    case .bool(let b): return .bool(b)
    case .integer(let i): return .int(Int(i))
    case .numeric(let text): return decimal(text)
    case .double(let d): return .float(d)
    case .text(let text): return .string(text)
    case .json(let text): return (try? JSON.parse(text)) ?? .string(text)
    case .bytes(let bytes): return .string(Str.make(bytes))
    case .date(let d): return date(d)
    case .time(let t): return time(t)
    case .timestamp(let d, let t): return dateTime(d, t)
    case .interval(let i): return interval(i)
    case .array(let items): return .list(items.map { PythonValues.value($0) })
    }
  }

  static func value(_ node: YAMLNode?) -> Value {
    guard let node else { return .none }
    return value(ConfigValue(node))
  }

  /// As Python's YAML reader gives values: dates are dates.
  private static func value(_ value: ConfigValue) -> Value {
    switch value {
    case .date(let text):
      let parts = text.split(separator: "-").compactMap { Int($0) }
      return parts.count == 3 ? PythonTime.date(parts[0], parts[1], parts[2]) ?? .string(text) : .string(text)
    case .list(let items): return .list(items.map { self.value($0) })
    case .dict(let dict):
      let out = DictObject(capacity: dict.count)
      for entry in dict { out[entry.key] = self.value(entry.value) }
      return .dict(out)
    default: return value.jinja
    }
  }

  static func yaml(_ value: Value, sortKeys: Bool) throws -> YAMLValue {
    switch value {
    case .none: return .null
    case .undefined: throw TemplateError(.type, "cannot represent an undefined value")
    case .bool(let b): return .bool(b)
    case .int(let i): return .int(i)
    case .float(let d): return .float(d)
    case .string(let s): return .string(s.string)
    case .list(let list): return .sequence(try list.items.map { try yaml($0, sortKeys: sortKeys) })
    case .tuple(let tuple): return .sequence(try tuple.items.map { try yaml($0, sortKeys: sortKeys) })
    case .dict(let dict):
      var pairs = try dict.pairs.map {
        YAMLPair(try yaml($0.key, sortKeys: sortKeys), try yaml($0.value, sortKeys: sortKeys))
      }
      if sortKeys { pairs.sort { "\($0.key)" < "\($1.key)" } }
      return .mapping(pairs)
    case .object(let object as HostObject):
      throw TemplateError(.type, "cannot represent an object of type \(object.typeName)")
    case .object(let object): return .string(try object.str(nil).string)
    }
  }
}
