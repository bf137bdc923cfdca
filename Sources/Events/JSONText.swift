/// Events as JSON text, written as Python's `json.dumps(…, sort_keys=True)` writes them.
enum JSONText {
  static func append(_ value: EventValue, to out: inout [UInt8]) {
    switch value {
    case .null: out += "null".utf8
    case .bool(let b): out += (b ? "true" : "false").utf8
    case .int(let i): out += String(i).utf8
    case .double(let d): out += (d.isFinite ? "\(d)" : "null").utf8
    case .string(let s): append(s, to: &out)
    case .json(let text): out += text.utf8
    case .list(let items):
      out.append(UInt8(ascii: "["))
      for (i, item) in items.enumerated() {
        if i > 0 { out += ", ".utf8 }
        append(item, to: &out)
      }
      out.append(UInt8(ascii: "]"))
    case .object(let pairs):
      out.append(UInt8(ascii: "{"))
      for (i, pair) in pairs.sorted(by: { $0.0 < $1.0 }).enumerated() {
        if i > 0 { out += ", ".utf8 }
        append(pair.0, to: &out)
        out += ": ".utf8
        append(pair.1, to: &out)
      }
      out.append(UInt8(ascii: "}"))
    }
  }

  /// A JSON string; everything outside ASCII as `\uXXXX`, so that a line is whole in any encoding.
  static func append(_ text: String, to out: inout [UInt8]) {
    out.append(0x22)
    for unit in text.utf16 {
      switch unit {
      case 0x22: out += "\\\"".utf8
      case 0x5C: out += "\\\\".utf8
      case 0x0A: out += "\\n".utf8
      case 0x0D: out += "\\r".utf8
      case 0x09: out += "\\t".utf8
      case 0x08: out += "\\b".utf8
      case 0x0C: out += "\\f".utf8
      case 0x20...0x7E: out.append(UInt8(unit))
      default:
        let hex = String(unit, radix: 16)
        out += "\\u".utf8
        out += String(repeating: "0", count: 4 - hex.utf8.count).utf8
        out += hex.utf8
      }
    }
    out.append(0x22)
  }
}
