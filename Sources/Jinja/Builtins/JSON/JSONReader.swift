import Glibc

/// Reads JSON into values as Python's `json.loads`: integers of any size, `NaN` and the infinities accepted, the last
/// of equal keys kept, and the same messages (`Expecting value: line 1 column 1 (char 0)`).
struct JSONReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var at = 0
  private var depth = 0
  /// CPython's recursion limit leaves room for about this many levels.
  private static let depthLimit = 990

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// The whole document.
  static func read(_ bytes: UnsafeBufferPointer<UInt8>) throws -> Value {
    var reader = JSONReader(bytes)
    reader.skipBlanks()
    let value = try reader.value()
    reader.skipBlanks()
    if reader.at < bytes.count { throw reader.error("Extra data", reader.at) }
    return value
  }

  private mutating func value() throws -> Value {
    guard at < bytes.count else { throw error("Expecting value", at) }
    switch bytes[at] {
    case 0x22:
      at += 1
      return .string(try string())
    case 0x7B: return try object()
    case 0x5B: return try array()
    case 0x74 where take("true"): return .bool(true)
    case 0x66 where take("false"): return .bool(false)
    case 0x6E where take("null"): return .none
    case 0x4E where take("NaN"): return .float(.nan)
    case 0x49 where take("Infinity"): return .float(.infinity)
    case 0x2D where take("-Infinity"): return .float(-.infinity)
    case 0x2D, 0x30...0x39: return try number()
    default: throw error("Expecting value", at)
    }
  }

  private mutating func enter() throws {
    depth += 1
    if depth > JSONReader.depthLimit {
      throw TemplateError(.recursion, "maximum recursion depth exceeded while decoding a JSON document")
    }
  }

  private mutating func object() throws -> Value {
    try enter()
    defer { depth -= 1 }
    let dict = DictObject()
    at += 1
    skipBlanks()
    if peek == 0x7D {
      at += 1
      return .dict(dict)
    }
    while true {
      guard peek == 0x22 else { throw error("Expecting property name enclosed in double quotes", at) }
      at += 1
      let key = try string()
      skipBlanks()
      guard peek == 0x3A else { throw error("Expecting ':' delimiter", at) }
      at += 1
      skipBlanks()
      dict[key] = try value()
      skipBlanks()
      if peek == 0x7D {
        at += 1
        return .dict(dict)
      }
      guard peek == 0x2C else { throw error("Expecting ',' delimiter", at) }
      at += 1
      skipBlanks()
    }
  }

  private mutating func array() throws -> Value {
    try enter()
    defer { depth -= 1 }
    var items: [Value] = []
    at += 1
    skipBlanks()
    if peek == 0x5D {
      at += 1
      return .list(items)
    }
    while true {
      items.append(try value())
      skipBlanks()
      if peek == 0x5D {
        at += 1
        return .list(items)
      }
      guard peek == 0x2C else { throw error("Expecting ',' delimiter", at) }
      at += 1
      skipBlanks()
    }
  }

  /// After the opening quote.
  private mutating func string() throws -> Str {
    let begin = at
    while at < bytes.count {
      let byte = bytes[at]
      if byte == 0x22 {
        let text = Str.make(UnsafeBufferPointer(rebasing: bytes[begin..<at]))
        at += 1
        return text
      }
      if byte == 0x5C { return try escapedString(begin) }
      if byte < 0x20 { throw error("Invalid control character at", at) }
      at += 1
    }
    throw error("Unterminated string starting at", begin - 1)
  }

  private mutating func escapedString(_ begin: Int) throws -> Str {
    var out = Array(bytes[begin..<at])
    while at < bytes.count {
      let byte = bytes[at]
      if byte == 0x22 {
        at += 1
        return Str.make(out)
      }
      if byte < 0x20 { throw error("Invalid control character at", at) }
      if byte != 0x5C {
        out.append(byte)
        at += 1
        continue
      }
      guard at + 1 < bytes.count else { break }
      let escape = bytes[at + 1]
      switch escape {
      case 0x22, 0x5C, 0x2F: out.append(escape)
      case 0x62: out.append(0x08)
      case 0x66: out.append(0x0C)
      case 0x6E: out.append(0x0A)
      case 0x72: out.append(0x0D)
      case 0x74: out.append(0x09)
      case 0x75:
        try unicodeEscape(&out)
        continue
      default: throw error("Invalid \\escape", at)
      }
      at += 2
    }
    throw error("Unterminated string starting at", begin - 1)
  }

  /// `\uXXXX`, two of them for what is outside the basic plane. Half a pair stays one (see `UTF8Scan`).
  private mutating func unicodeEscape(_ out: inout [UInt8]) throws {
    guard let unit = hex4(at + 2) else { throw error("Invalid \\uXXXX escape", at + 1) }
    at += 6
    if unit & 0xFC00 == 0xD800, at + 1 < bytes.count, bytes[at] == 0x5C, bytes[at + 1] == 0x75,
      let low = hex4(at + 2), low & 0xFC00 == 0xDC00
    {
      at += 6
      UTF8Scan.append(0x10000 + (unit & 0x3FF) << 10 + (low & 0x3FF), to: &out)
    } else {
      UTF8Scan.append(unit, to: &out)
    }
  }

  private func hex4(_ start: Int) -> UInt32? {
    guard start + 4 <= bytes.count else { return nil }
    var value: UInt32 = 0
    for i in start..<start + 4 {
      let byte = bytes[i]
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x41...0x46: digit = byte - 0x41 + 10
      case 0x61...0x66: digit = byte - 0x61 + 10
      default: return nil
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  private mutating func number() throws -> Value {
    let begin = at
    var end = at
    if bytes[end] == 0x2D { end += 1 }
    guard end < bytes.count, isDigit(end) else { throw error("Expecting value", begin) }
    if bytes[end] == 0x30 {
      end += 1
    } else {
      while end < bytes.count, isDigit(end) { end += 1 }
    }
    var isFloat = false
    if end + 1 < bytes.count, bytes[end] == 0x2E, isDigit(end + 1) {
      isFloat = true
      end += 1
      while end < bytes.count, isDigit(end) { end += 1 }
    }
    if end < bytes.count, bytes[end] | 0x20 == 0x65 {
      var digits = end + 1
      if digits < bytes.count, bytes[digits] == 0x2B || bytes[digits] == 0x2D { digits += 1 }
      if digits < bytes.count, isDigit(digits) {
        isFloat = true
        while digits < bytes.count, isDigit(digits) { digits += 1 }
        end = digits
      }
    }
    at = end
    let text = bytes[begin..<end]
    if isFloat {
      return .float(strtod(String(decoding: text, as: UTF8.self), nil))
    }
    var value = 0
    var overflow = false
    let negative = text.first == 0x2D
    for byte in negative ? text.dropFirst() : text {
      let (product, o1) = value.multipliedReportingOverflow(by: 10)
      let (sum, o2) = product.subtractingReportingOverflow(Int(byte - 0x30))
      if o1 || o2 {
        overflow = true
        break
      }
      value = sum
    }
    if !overflow, negative || value != .min { return .int(negative ? value : -value) }
    return BigText.integer(String(decoding: text, as: UTF8.self)) ?? .none
  }

  private func isDigit(_ i: Int) -> Bool { bytes[i] >= 0x30 && bytes[i] <= 0x39 }
  private var peek: UInt8 { at < bytes.count ? bytes[at] : 0 }

  private mutating func skipBlanks() {
    while at < bytes.count {
      switch bytes[at] {
      case 0x20, 0x09, 0x0A, 0x0D: at += 1
      default: return
      }
    }
  }

  private mutating func take(_ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard at + count <= bytes.count, let base = bytes.baseAddress, memcmp(base + at, word.utf8Start, count) == 0
    else { return false }
    at += count
    return true
  }

  /// Python counts characters, not bytes.
  private func error(_ message: String, _ place: Int) -> TemplateError {
    var line = 1
    var column = 1
    var char = 0
    for byte in bytes[..<min(place, bytes.count)] where byte & 0xC0 != 0x80 {
      char += 1
      column += 1
      if byte == 0x0A {
        line += 1
        column = 1
      }
    }
    return TemplateError(.value, "\(message): line \(line) column \(column) (char \(char))")
  }
}
