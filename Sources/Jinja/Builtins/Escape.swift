import Glibc

/// HTML escaping as `markupsafe.escape`: `&amp; &lt; &gt; &#39; &#34;`.
public enum Escape {
  /// The text as Markup, escaped unless it is Markup already.
  public static func html(_ s: Str) -> Str { s.isMarkup ? s : s.withUTF8 { html($0) } }

  /// The text as Markup, escaped.
  static func html(_ bytes: UnsafeBufferPointer<UInt8>) -> Str {
    let extra = growth(bytes)
    return Str.make(capacity: bytes.count + extra, markup: true) { target in
      target.baseAddress.map { fill($0, from: bytes, extra) } ?? 0
    }
  }

  /// Writes the text escaped.
  static func write(_ bytes: UnsafeBufferPointer<UInt8>, to out: OutputBuffer) {
    let extra = growth(bytes)
    out.advance(fill(out.reserve(bytes.count + extra), from: bytes, extra))
  }

  /// Writes a value: Markup as it is, anything else as a string and escaped.
  static func write(_ value: Value, to out: OutputBuffer, _ r: Interpreter) throws {
    let text = if case .string(let s) = value { s } else { try value.str(r) }
    if text.isMarkup { out.append(text) } else { text.withUTF8 { write($0, to: out) } }
  }

  /// Escapes into memory with room for it; gives the number of bytes written.
  private static func fill(
    _ target: UnsafeMutablePointer<UInt8>, from bytes: UnsafeBufferPointer<UInt8>, _ extra: Int
  ) -> Int {
    if extra == 0 {
      if let source = bytes.baseAddress { memcpy(target, source, bytes.count) }
      return bytes.count
    }
    var to = target
    @inline(__always) func put(_ text: StaticString) {
      memcpy(to, text.utf8Start, text.utf8CodeUnitCount)
      to += text.utf8CodeUnitCount
    }
    for byte in bytes {
      switch byte {
      case 0x26: put("&amp;")
      case 0x3C: put("&lt;")
      case 0x3E: put("&gt;")
      case 0x27: put("&#39;")
      case 0x22: put("&#34;")
      default:
        to.pointee = byte
        to += 1
      }
    }
    return to - target
  }

  private static func growth(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var extra = 0
    for byte in bytes where byte <= 0x3E { extra += growth(byte) }
    return extra
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
