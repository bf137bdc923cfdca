/// The escapes of string literals: those of Python's `unicode_escape`, as Jinja2 uses it.
enum StringLiteral {
  struct Failure: Error { let message: String }

  /// What is between the quotes, decoded. Newlines are normalised to `\n`.
  static func decode(_ source: UnsafeBufferPointer<UInt8>) throws(Failure) -> Str {
    var out: [UInt8] = []
    out.reserveCapacity(source.count)
    var i = 0
    while i < source.count {
      let c = source[i]
      if c == 0x0D {
        out.append(0x0A)
        i += i + 1 < source.count && source[i + 1] == 0x0A ? 2 : 1
        continue
      }
      guard c == 0x5C, i + 1 < source.count else {
        out.append(c)
        i += 1
        continue
      }
      i = try escape(source, i + 1, &out)
    }
    return Str.make(out)
  }

  /// Decodes the escape whose letter is at `at`; gives the offset after it.
  private static func escape(
    _ source: UnsafeBufferPointer<UInt8>, _ at: Int, _ out: inout [UInt8]
  ) throws(Failure) -> Int {
    let letter = source[at]
    switch letter {
    case 0x0A: return at + 1
    case 0x0D: return at + 1 < source.count && source[at + 1] == 0x0A ? at + 2 : at + 1
    case 0x5C, 0x27, 0x22: out.append(letter)
    case 0x61: out.append(0x07)
    case 0x62: out.append(0x08)
    case 0x66: out.append(0x0C)
    case 0x6E: out.append(0x0A)
    case 0x72: out.append(0x0D)
    case 0x74: out.append(0x09)
    case 0x76: out.append(0x0B)
    case 0x30...0x37:
      var value: UInt32 = 0
      var i = at
      while i < source.count, i < at + 3, (0x30...0x37).contains(source[i]) {
        value = value * 8 + UInt32(source[i] - 0x30)
        i += 1
      }
      append(value, &out)
      return i
    case 0x78: return try hex(source, at, 2, "truncated \\xXX escape", &out)
    case 0x75: return try hex(source, at, 4, "truncated \\uXXXX escape", &out)
    case 0x55: return try hex(source, at, 8, "truncated \\UXXXXXXXX escape", &out)
    case 0x4E: return try named(source, at, &out)
    case 0x80...:
      // Jinja2 writes such a character as an escape of its own first, whose backslash this one then protects.
      var decoder = UTF8()
      var iterator = source[at...].makeIterator()
      guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { throw Failure(message: "malformed text") }
      let digits = String(scalar.value, radix: 16)
      let (prefix, width) = scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
      out += Array("\\\(prefix)\(String(repeating: "0", count: max(0, width - digits.utf8.count)))\(digits)".utf8)
      return at + UTF8.width(scalar)
    default: out += [0x5C, letter]
    }
    return at + 1
  }

  private static func hex(
    _ source: UnsafeBufferPointer<UInt8>, _ at: Int, _ width: Int, _ message: String, _ out: inout [UInt8]
  ) throws(Failure) -> Int {
    var value: UInt32 = 0
    guard at + width < source.count else { throw Failure(message: message) }
    for i in 1...width {
      guard let digit = Character(Unicode.Scalar(source[at + i])).hexDigitValue, source[at + i] < 0x80 else {
        throw Failure(message: message)
      }
      value = value << 4 | UInt32(digit)
    }
    guard value <= 0x10FFFF else { throw Failure(message: "illegal Unicode character") }
    append(value, &out)
    return at + width + 1
  }

  private static func named(
    _ source: UnsafeBufferPointer<UInt8>, _ at: Int, _ out: inout [UInt8]
  ) throws(Failure) -> Int {
    guard at + 1 < source.count, source[at + 1] == 0x7B, let close = source[at...].firstIndex(of: 0x7D), close > at + 2
    else { throw Failure(message: "malformed \\N character escape") }
    let name = String(decoding: source[(at + 2)..<close], as: UTF8.self).uppercased()
    for value in UInt32(0x20)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      if scalar.properties.name == name || scalar.properties.nameAlias == name {
        append(value, &out)
        return close + 1
      }
    }
    throw Failure(message: "unknown Unicode character name")
  }

  /// Whether the filter `float` may make an infinity or NaN of this text: `inf`, `nan`, `1e400`, hundreds of digits.
  static func mayBeInfinite(_ text: Str) -> Bool {
    text.withUTF8 { bytes in
      guard let first = bytes.first(where: { $0 != 0x20 && $0 != 0x2B && $0 != 0x2D }) else { return false }
      switch first | 0x20 {
      case 0x69, 0x6E:
        let letters = bytes.lazy.map { $0 | 0x20 }.filter { $0 > 0x20 && $0 != 0x2B && $0 != 0x2D }.prefix(9)
        return letters.elementsEqual("inf".utf8) || letters.elementsEqual("nan".utf8)
          || letters.elementsEqual("infinity".utf8)
      default:
        guard (0x30...0x39).contains(first) || first == 0x2E || first >= 0x80 || first <= 0x20 else { return false }
        return bytes.count > 300 || bytes.contains { $0 | 0x20 == 0x65 || $0 | 0x20 == 0x69 || $0 | 0x20 == 0x6E }
      }
    }
  }

  /// A lone surrogate is written as if UTF-8 had it, in three bytes: Python's strings may hold one.
  private static func append(_ value: UInt32, _ out: inout [UInt8]) { UTF8Scan.append(value, to: &out) }
}
