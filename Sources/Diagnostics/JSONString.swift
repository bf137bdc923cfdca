/// JSON strings as Python's `json.dumps` writes them: everything outside printable ASCII as `\uXXXX` (UTF-16 units), so
/// that a line is whole in any encoding.
public enum JSONString {
  /// The text in double quotes.
  public static func quote(_ text: String) -> String {
    var out: [UInt8] = []
    append(text, to: &out)
    return String(decoding: out, as: UTF8.self)
  }

  /// Appends the text in double quotes, as ASCII bytes.
  public static func append(_ text: String, to out: inout [UInt8]) {
    out.append(UInt8(ascii: "\""))
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
        let digits = String(unit, radix: 16)
        out += "\\u".utf8
        out += String(repeating: "0", count: 4 - digits.utf8.count).utf8
        out += digits.utf8
      }
    }
    out.append(UInt8(ascii: "\""))
  }
}
