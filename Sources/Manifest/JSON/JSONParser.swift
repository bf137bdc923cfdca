/// A JSON reader over bytes that gives configuration values, or walks an object key by key without building it.
///
/// It accepts what Python's `json` accepts: RFC 8259 plus `NaN`, `Infinity` and `-Infinity`; of doubled keys the last
/// one wins. Depth is limited so that hostile files can't exhaust the stack.
public struct JSONParser {
  public struct Failure: Error, Sendable {
    public var message: String
    /// Bytes from the start.
    public var offset: Int
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private var at = 0
  private var depth = 0
  private static let depthLimit = 2000

  public init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  public var offset: Int { at }

  /// The value of a whole text; nil when it is not JSON.
  public static func parse(_ text: String) -> ConfigValue? {
    // Most hooks and options are not JSON: look at the first byte before anything else.
    var text = text
    return text.withUTF8 { bytes in
      var parser = JSONParser(bytes)
      guard let value = try? parser.document() else { return nil }
      return value
    }
  }

  /// One value and nothing after it but white space.
  public mutating func document() throws(Failure) -> ConfigValue {
    let value = try value()
    skipSpace()
    if at < bytes.count { throw fail("Extra data") }
    return value
  }

  public mutating func value() throws(Failure) -> ConfigValue {
    skipSpace()
    guard at < bytes.count else { throw fail("Expecting value") }
    switch bytes[at] {
    case UInt8(ascii: "{"):
      var dict = ConfigDict()
      try eachMember { (parser, key) throws(Failure) in dict[key] = try parser.value() }
      return .dict(dict)
    case UInt8(ascii: "["):
      var items: [ConfigValue] = []
      try eachElement { (parser) throws(Failure) in items.append(try parser.value()) }
      return .list(items)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"):
      try word("true")
      return .bool(true)
    case UInt8(ascii: "f"):
      try word("false")
      return .bool(false)
    case UInt8(ascii: "n"):
      try word("null")
      return .null
    case UInt8(ascii: "N"):
      try word("NaN")
      return .double(.nan)
    case UInt8(ascii: "I"):
      try word("Infinity")
      return .double(.infinity)
    default: return try number()
    }
  }

  /// Calls `body` for each key of an object with the parser standing before the value, which `body` must consume.
  public mutating func eachMember(_ body: (inout JSONParser, String) throws(Failure) -> Void) throws(Failure) {
    skipSpace()
    guard at < bytes.count, bytes[at] == UInt8(ascii: "{") else { throw fail("Expecting an object") }
    at += 1
    try enter()
    skipSpace()
    if at < bytes.count, bytes[at] == UInt8(ascii: "}") {
      at += 1
      depth -= 1
      return
    }
    while true {
      skipSpace()
      guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else {
        throw fail("Expecting property name enclosed in double quotes")
      }
      let key = try string()
      skipSpace()
      guard at < bytes.count, bytes[at] == UInt8(ascii: ":") else { throw fail("Expecting ':' delimiter") }
      at += 1
      try body(&self, key)
      skipSpace()
      guard at < bytes.count else { throw fail("Expecting ',' delimiter") }
      if bytes[at] == UInt8(ascii: ",") {
        at += 1
        continue
      }
      guard bytes[at] == UInt8(ascii: "}") else { throw fail("Expecting ',' delimiter") }
      at += 1
      depth -= 1
      return
    }
  }

  /// Calls `body` before each element of an array; `body` must consume it.
  public mutating func eachElement(_ body: (inout JSONParser) throws(Failure) -> Void) throws(Failure) {
    skipSpace()
    guard at < bytes.count, bytes[at] == UInt8(ascii: "[") else { throw fail("Expecting an array") }
    at += 1
    try enter()
    skipSpace()
    if at < bytes.count, bytes[at] == UInt8(ascii: "]") {
      at += 1
      depth -= 1
      return
    }
    while true {
      try body(&self)
      skipSpace()
      guard at < bytes.count else { throw fail("Expecting ',' delimiter") }
      if bytes[at] == UInt8(ascii: ",") {
        at += 1
        continue
      }
      guard bytes[at] == UInt8(ascii: "]") else { throw fail("Expecting ',' delimiter") }
      at += 1
      depth -= 1
      return
    }
  }

  /// Consumes a value without building it.
  public mutating func skipValue() throws(Failure) {
    skipSpace()
    guard at < bytes.count else { throw fail("Expecting value") }
    switch bytes[at] {
    case UInt8(ascii: "{"): try eachMember { (parser, _) throws(Failure) in try parser.skipValue() }
    case UInt8(ascii: "["): try eachElement { (parser) throws(Failure) in try parser.skipValue() }
    case UInt8(ascii: "\""):
      at += 1
      while at < bytes.count, bytes[at] != UInt8(ascii: "\"") { at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1 }
      guard at < bytes.count else { throw fail("Unterminated string") }
      at += 1
    default: _ = try value()
    }
  }

  /// Whether null stands next; consumes it if so.
  public mutating func null() throws(Failure) -> Bool {
    skipSpace()
    guard at < bytes.count, bytes[at] == UInt8(ascii: "n") else { return false }
    try word("null")
    return true
  }

  private mutating func enter() throws(Failure) {
    depth += 1
    if depth > Self.depthLimit { throw fail("Nested too deeply") }
  }

  private mutating func skipSpace() {
    while at < bytes.count {
      switch bytes[at] {
      case 0x20, 0x0A, 0x0D, 0x09: at += 1
      default: return
      }
    }
  }

  private mutating func word(_ text: StaticString) throws(Failure) {
    let count = text.utf8CodeUnitCount
    guard at + count <= bytes.count else { throw fail("Expecting value") }
    for i in 0..<count where bytes[at + i] != text.utf8Start[i] { throw fail("Expecting value") }
    at += count
  }

  public mutating func string() throws(Failure) -> String {
    skipSpace()
    guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { throw fail("Expecting a string") }
    at += 1
    let start = at
    while at < bytes.count {
      let byte = bytes[at]
      if byte == UInt8(ascii: "\"") {
        let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<at]), as: UTF8.self)
        at += 1
        return text
      }
      if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
      if byte < 0x20 { throw fail("Invalid control character") }
      at += 1
    }
    throw fail("Unterminated string")
  }

  private mutating func escapedString(from start: Int) throws(Failure) -> String {
    var out = [UInt8](bytes[start..<at])
    while at < bytes.count {
      let byte = bytes[at]
      at += 1
      if byte == UInt8(ascii: "\"") { return String(decoding: out, as: UTF8.self) }
      if byte < 0x20 { throw fail("Invalid control character") }
      guard byte == UInt8(ascii: "\\") else {
        out.append(byte)
        continue
      }
      guard at < bytes.count else { break }
      let escape = bytes[at]
      at += 1
      switch escape {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(escape)
      case UInt8(ascii: "b"): out.append(8)
      case UInt8(ascii: "f"): out.append(12)
      case UInt8(ascii: "n"): out.append(10)
      case UInt8(ascii: "r"): out.append(13)
      case UInt8(ascii: "t"): out.append(9)
      case UInt8(ascii: "u"):
        var unit = try hex4()
        if (0xD800..<0xDC00).contains(unit), at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"),
          bytes[at + 1] == UInt8(ascii: "u")
        {
          at += 2
          let low = try hex4()
          if (0xDC00..<0xE000).contains(low) {
            unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
          } else {
            unit = 0xFFFD
          }
        }
        out.append(contentsOf: String(Unicode.Scalar(unit) ?? "\u{FFFD}").utf8)
      default: throw fail("Invalid \\escape")
      }
    }
    throw fail("Unterminated string")
  }

  private mutating func hex4() throws(Failure) -> UInt32 {
    guard at + 4 <= bytes.count else { throw fail("Invalid \\uXXXX escape") }
    var value: UInt32 = 0
    for _ in 0..<4 {
      let byte = bytes[at]
      at += 1
      switch byte {
      case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
      case 0x41...0x46: value = value << 4 | UInt32(byte - 0x37)
      case 0x61...0x66: value = value << 4 | UInt32(byte - 0x57)
      default: throw fail("Invalid \\uXXXX escape")
      }
    }
    return value
  }

  private mutating func number() throws(Failure) -> ConfigValue {
    let start = at
    if at < bytes.count, bytes[at] == UInt8(ascii: "-") { at += 1 }
    if at < bytes.count, bytes[at] == UInt8(ascii: "I") {
      try word("Infinity")
      return .double(-.infinity)
    }
    let firstDigit = at
    while at < bytes.count, (0x30...0x39).contains(bytes[at]) { at += 1 }
    guard at > firstDigit, at == firstDigit + 1 || bytes[firstDigit] != UInt8(ascii: "0") else {
      at = start
      throw fail("Expecting value")
    }
    var isInteger = true
    if at + 1 < bytes.count, bytes[at] == UInt8(ascii: "."), (0x30...0x39).contains(bytes[at + 1]) {
      isInteger = false
      at += 1
      while at < bytes.count, (0x30...0x39).contains(bytes[at]) { at += 1 }
    }
    if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
      var end = at + 1
      if end < bytes.count, bytes[end] == UInt8(ascii: "+") || bytes[end] == UInt8(ascii: "-") { end += 1 }
      if end < bytes.count, (0x30...0x39).contains(bytes[end]) {
        isInteger = false
        while end < bytes.count, (0x30...0x39).contains(bytes[end]) { end += 1 }
        at = end
      }
    }
    let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<at]), as: UTF8.self)
    if isInteger { return Int(text).map { .int($0) } ?? .bigInt(text) }
    guard let number = Double(text) else { throw fail("Expecting value") }
    return .double(number)
  }

  private func fail(_ message: String) -> Failure { Failure(message: message, offset: at) }
}
