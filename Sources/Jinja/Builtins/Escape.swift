/// HTML escaping as `markupsafe.escape`: `&amp; &lt; &gt; &#39; &#34;`.
public enum Escape {
  /// The text as Markup, escaped unless it is Markup already.
  public static func html(_ s: Str) -> Str {
    if s.isMarkup { return s }
    let extra = s.withUTF8 { bytes in
      var extra = 0
      for byte in bytes where byte <= 0x3E { extra += growth(byte) }
      return extra
    }
    if extra == 0 { return s.marked(true) }
    return s.withUTF8 { bytes in
      Str.make(capacity: bytes.count + extra, markup: true) { target in
        var to = 0
        @inline(__always) func put(_ text: StaticString) {
          for i in 0..<text.utf8CodeUnitCount {
            target[to] = text.utf8Start[i]
            to += 1
          }
        }
        for byte in bytes {
          switch byte {
          case 0x26: put("&amp;")
          case 0x3C: put("&lt;")
          case 0x3E: put("&gt;")
          case 0x27: put("&#39;")
          case 0x22: put("&#34;")
          default:
            target[to] = byte
            to += 1
          }
        }
        return to
      }
    }
  }

  /// How many bytes longer a byte gets.
  @inline(__always) private static func growth(_ byte: UInt8) -> Int {
    switch byte {
    case 0x26, 0x27, 0x22: 4
    case 0x3C, 0x3E: 3
    default: 0
    }
  }

  /// `escape(value)`: Markup stays as it is, anything else is made a string and escaped.
  public static func escape(_ v: Value, _ r: Interpreter?) throws -> Str {
    if case .string(let s) = v { return html(s) }
    return html(try v.str(r))
  }
}
