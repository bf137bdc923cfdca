/// Between text and bytes: UTF-8, ASCII and Latin-1.
enum StrCodec {
  private enum Encoding {
    case utf8, ascii, latin1
    /// As error messages call it.
    var codec: String {
      switch self {
      case .utf8: "utf-8"
      case .ascii: "ascii"
      case .latin1: "latin-1"
      }
    }
  }

  private static func encoding(_ value: Value?, _ name: MethodName) throws -> Encoding {
    guard let value else { return .utf8 }
    let text = try value.text(name, argument: 1)
    let normal = CaseMapping.lower(text).string.map { $0 == "_" || $0 == " " ? "-" : String($0) }.joined()
    switch normal {
    case "utf-8", "utf8", "u8": return .utf8
    case "ascii", "us-ascii", "646": return .ascii
    case "latin-1", "latin1", "iso-8859-1", "iso8859-1", "l1", "8859": return .latin1
    default: throw TemplateError(.notFound, "unknown encoding: \(text.string)")
    }
  }

  private static func errors(_ value: Value?, _ name: MethodName) throws -> String {
    guard let value else { return "strict" }
    return try value.text(name, argument: 2).string
  }

  static func encode(_ s: Str, _ a: Arguments) throws -> Value {
    let bound = try a.bind(.encode, "encoding", "errors")
    let encoding = try encoding(bound[0], .encode)
    let errors = try errors(bound[1], .encode)
    let bytes = s.bytes
    if encoding == .utf8, !bytes.contains(0xED) { return .object(BytesObject(bytes)) }
    // Of what UTF-8 could write, surrogates are left out.
    let top: UInt32 = encoding == .ascii ? 128 : 256
    var out: [UInt8] = []
    for (i, scalar) in s.scalars.enumerated() {
      if encoding == .utf8 ? scalar & 0xFFFF_F800 != 0xD800 : scalar < top {
        if encoding == .utf8 { UTF8Scan.append(scalar, to: &out) } else { out.append(UInt8(scalar)) }
        continue
      }
      switch errors {
      case "ignore": break
      case "replace": out.append(0x3F)
      case "xmlcharrefreplace": out.append(contentsOf: "&#\(scalar);".utf8)
      case "backslashreplace":
        var escaped = StrBuilder()
        StringRepr.escape(scalar, to: &escaped)
        out.append(contentsOf: escaped.finish().bytes)
      default:
        var shown = StrBuilder()
        StringRepr.escape(scalar, to: &shown)
        let reason = encoding == .utf8 ? "surrogates not allowed" : "ordinal not in range(\(top))"
        throw TemplateError(
          .value,
          "'\(encoding.codec)' codec can't encode character '\(shown.finish().string)' in position \(i): \(reason)")
      }
    }
    return .object(BytesObject(out))
  }

  static func decode(_ bytes: [UInt8], _ a: Arguments) throws -> Value {
    let bound = try a.bind(.decode, "encoding", "errors")
    let encoding = try encoding(bound[0], .decode)
    let errors = try errors(bound[1], .decode)
    var out = StrBuilder(capacity: bytes.count)
    func fail(_ codec: String, _ place: Int) throws {
      if errors == "strict" {
        throw TemplateError(
          .value,
          "'\(codec)' codec can't decode byte 0x\(String(bytes[place], radix: 16)) in position \(place)")
      }
    }
    if encoding == .utf8 {
      var i = 0
      while i < bytes.count {
        let (length, valid) = UTF8Check.sequence(bytes, i)
        if valid {
          for k in i..<i + length { out.append(bytes[k]) }
        } else {
          try fail("utf-8", i)
          if errors == "replace" { out.append(scalar: 0xFFFD) }
        }
        i += length
      }
      return .string(out.finish())
    }
    for (i, byte) in bytes.enumerated() {
      if byte < 0x80 || encoding == .latin1 {
        out.append(scalar: UInt32(byte))
      } else {
        try fail("ascii", i)
        if errors == "replace" { out.append(scalar: 0xFFFD) }
      }
    }
    return .string(out.finish())
  }
}

/// Well-formedness of UTF-8 (Unicode standard, table 3-7).
enum UTF8Check {
  /// The sequence at `i`: its length and whether it is well formed. A malformed one is as long as the part of it that
  /// could have begun a good one.
  static func sequence(_ bytes: [UInt8], _ i: Int) -> (length: Int, valid: Bool) {
    let lead = bytes[i]
    if lead < 0x80 { return (1, true) }
    let wanted: Int
    switch lead {
    case 0xC2...0xDF: wanted = 2
    case 0xE0...0xEF: wanted = 3
    case 0xF0...0xF4: wanted = 4
    default: return (1, false)
    }
    for k in 1..<wanted {
      guard i + k < bytes.count else { return (k, false) }
      let byte = bytes[i + k]
      var low: UInt8 = 0x80
      var high: UInt8 = 0xBF
      if k == 1 {
        switch lead {
        case 0xE0: low = 0xA0
        case 0xED: high = 0x9F
        case 0xF0: low = 0x90
        case 0xF4: high = 0x8F
        default: break
        }
      }
      if byte < low || byte > high { return (k, false) }
    }
    return (wanted, true)
  }
}
