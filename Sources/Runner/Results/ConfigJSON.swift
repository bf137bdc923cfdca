import Diagnostics
import Manifest

/// Configuration as JSON text for events.
enum ConfigJSON {
  static func object(_ dict: ConfigDict) -> String {
    if dict.isEmpty { return "{}" }
    return "{" + dict.map { "\(JSONString.quote($0.key)): \(value($0.value))" }.joined(separator: ", ") + "}"
  }

  static func value(_ value: ConfigValue) -> String {
    switch value {
    case .null: "null"
    case .bool(let b): b ? "true" : "false"
    case .int(let i): String(i)
    case .bigInt(let digits): digits
    case .double(let d): d.isFinite ? "\(d)" : "null"
    case .string(let s), .date(let s), .datetime(let s): JSONString.quote(s)
    case .list(let items): "[" + items.map(ConfigJSON.value).joined(separator: ", ") + "]"
    case .dict(let dict): object(dict)
    }
  }
}
