import Diagnostics

/// Events as JSON text, written as Python's `json.dumps(…, sort_keys=True)` writes them.
enum JSONText {
  static func append(_ value: EventValue, to out: inout [UInt8]) {
    switch value {
    case .null: out += "null".utf8
    case .bool(let b): out += (b ? "true" : "false").utf8
    case .int(let i): out += String(i).utf8
    case .double(let d): out += (d.isFinite ? "\(d)" : "null").utf8
    case .string(let s): JSONString.append(s, to: &out)
    case .json(let text): out += text.utf8
    case .lazy(let make): append(make(), to: &out)
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
        JSONString.append(pair.0, to: &out)
        out += ": ".utf8
        append(pair.1, to: &out)
      }
      out.append(UInt8(ascii: "}"))
    }
  }
}

extension EventValue {
  /// As one line of JSON, in ASCII.
  public var json: String {
    var out: [UInt8] = []
    JSONText.append(self, to: &out)
    return String(decoding: out, as: UTF8.self)
  }
}
