/// Which type a plain scalar has: the implicit resolvers of YAML 1.1 as PyYAML defines them.
///
/// They differ from the specification: `1e3` and `0o7` are strings, `y` and `n` are strings, a float needs a dot and
/// a signed exponent.
enum ScalarTag {
  case null, bool, int, float, timestamp, merge, value, str

  typealias Bytes = UnsafeBufferPointer<UInt8>

  static func implicit(_ text: Bytes) -> ScalarTag {
    guard let first = text.first else { return .null }
    switch first {
    case UInt8(ascii: "~"): return text.count == 1 ? .null : .str
    case UInt8(ascii: "<"): return text.count == 2 && text[1] == first ? .merge : .str
    case UInt8(ascii: "="): return text.count == 1 ? .value : .str
    case UInt8(ascii: "y"), UInt8(ascii: "Y"), UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "t"),
      UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"), UInt8(ascii: "o"), UInt8(ascii: "O"):
      return word(text)
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
      if isFloat(text) { return .float }
      if isInt(text) { return .int }
      if isTimestamp(text) { return .timestamp }
      return .str
    default: return .str
    }
  }

  private static func word(_ text: Bytes) -> ScalarTag {
    guard text.count <= 5 else { return .str }
    switch String(decoding: text, as: UTF8.self) {
    case "yes", "Yes", "YES", "no", "No", "NO", "true", "True", "TRUE", "false", "False", "FALSE", "on", "On", "ON",
      "off", "Off", "OFF":
      return .bool
    case "null", "Null", "NULL": return .null
    default: return .str
    }
  }

  private static func isFloat(_ text: Bytes) -> Bool {
    var scan = Scan(text)
    let signed = scan.sign()
    if scan.digit() {
      scan.skip { isDigit($0) || $0 == underscore }
      if scan.sexagesimals() > 0 {
        guard scan.take(".") else { return false }
        scan.skip { isDigit($0) || $0 == underscore }
        return scan.atEnd
      }
      guard scan.take(".") else { return false }
      scan.skip { isDigit($0) || $0 == underscore }
      return scan.exponent() && scan.atEnd
    }
    guard scan.take(".") else { return false }
    if scan.digit() {
      guard !signed else { return false }
      scan.skip { isDigit($0) || $0 == underscore }
      return scan.exponent() && scan.atEnd
    }
    switch String(decoding: text[scan.at...], as: UTF8.self) {
    case "inf", "Inf", "INF": return true
    case "nan", "NaN", "NAN": return !signed
    default: return false
    }
  }

  private static func isInt(_ text: Bytes) -> Bool {
    var scan = Scan(text)
    scan.sign()
    let rest = text[scan.at...]
    guard let first = rest.first, isDigit(first) else { return false }
    if first == UInt8(ascii: "0") {
      let tail = rest.dropFirst()
      guard let second = tail.first else { return true }
      let digits = tail.dropFirst()
      switch second {
      case UInt8(ascii: "b"):
        return !digits.isEmpty && digits.allSatisfy { $0 == 0x30 || $0 == 0x31 || $0 == underscore }
      case UInt8(ascii: "x"):
        return !digits.isEmpty && digits.allSatisfy { isHex($0) || $0 == underscore }
      default:
        return tail.allSatisfy { (0x30...0x37).contains($0) || $0 == underscore }
      }
    }
    scan.skip { isDigit($0) || $0 == underscore }
    _ = scan.sexagesimals()
    return scan.atEnd
  }

  private static func isTimestamp(_ text: Bytes) -> Bool {
    guard text.count >= 8, isDigit(text[0]), isDigit(text[1]), isDigit(text[2]), isDigit(text[3]),
      text[4] == UInt8(ascii: "-")
    else { return false }
    return TimestampText(text) != nil
  }

  static let underscore = UInt8(ascii: "_")
  static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
  static func isHex(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "f"))
  }
}

/// A cursor over a scalar's bytes.
struct Scan {
  let text: UnsafeBufferPointer<UInt8>
  var at = 0

  init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

  var atEnd: Bool { at == text.count }
  var next: UInt8? { at < text.count ? text[at] : nil }

  @discardableResult
  mutating func sign() -> Bool {
    guard let next, next == UInt8(ascii: "+") || next == UInt8(ascii: "-") else { return false }
    at += 1
    return true
  }

  mutating func take(_ byte: Unicode.Scalar) -> Bool {
    guard let next, next == UInt8(ascii: byte) else { return false }
    at += 1
    return true
  }

  mutating func digit() -> Bool {
    guard let next, ScalarTag.isDigit(next) else { return false }
    at += 1
    return true
  }

  mutating func skip(while matches: (UInt8) -> Bool) {
    while let next, matches(next) { at += 1 }
  }

  /// `least` to `most` digits as a number.
  mutating func number(_ least: Int, _ most: Int) -> Int? {
    var value = 0
    var count = 0
    while count < most, let next, ScalarTag.isDigit(next) {
      value = value * 10 + Int(next) - 0x30
      at += 1
      count += 1
    }
    return count >= least ? value : nil
  }

  /// How many `:[0-5]?[0-9]` groups follow.
  mutating func sexagesimals() -> Int {
    var groups = 0
    while next == UInt8(ascii: ":") {
      let before = at
      at += 1
      guard let first = next, ScalarTag.isDigit(first) else {
        at = before
        return groups
      }
      at += 1
      if let second = next, ScalarTag.isDigit(second) {
        if first <= UInt8(ascii: "5") { at += 1 }
      }
      groups += 1
    }
    return groups
  }

  /// An optional `[eE][-+][0-9]+`; false when one begins but does not end.
  mutating func exponent() -> Bool {
    guard let next, next | 0x20 == UInt8(ascii: "e") else { return true }
    at += 1
    guard sign(), digit() else { return false }
    skip(while: ScalarTag.isDigit)
    return true
  }
}

/// The parts of `2024-01-02` or `2024-1-2t3:04:05.67 +01:00`.
struct TimestampText {
  var year: Int
  var month: Int
  var day: Int
  var time: (hour: Int, minute: Int, second: Int, microsecond: Int, offset: Int?)?

  /// Nil when the text does not have the shape; the numbers may still be out of range.
  init?(_ text: UnsafeBufferPointer<UInt8>) {
    var scan = Scan(text)
    guard let year = scan.number(4, 4), scan.take("-"), let month = scan.number(1, 2), scan.take("-"),
      let day = scan.number(1, 2)
    else { return nil }
    (self.year, self.month, self.day) = (year, month, day)
    if scan.atEnd {
      // A bare date needs all its digits.
      guard text.count == 10 else { return nil }
      return
    }
    if scan.next.map({ $0 | 0x20 == UInt8(ascii: "t") }) == true {
      scan.at += 1
    } else {
      let before = scan.at
      scan.skip { $0 == 0x20 || $0 == 0x09 }
      guard scan.at > before else { return nil }
    }
    guard let hour = scan.number(1, 2), scan.take(":"), let minute = scan.number(2, 2), scan.take(":"),
      let second = scan.number(2, 2)
    else { return nil }
    var microsecond = 0
    if scan.take(".") {
      var scale = 100_000
      while let byte = scan.next, ScalarTag.isDigit(byte) {
        microsecond += (Int(byte) - 0x30) * scale
        scale /= 10
        scan.at += 1
      }
    }
    scan.skip { $0 == 0x20 || $0 == 0x09 }
    var offset: Int?
    if scan.take("Z") {
      offset = 0
    } else if let sign = scan.next, scan.sign() {
      guard let hours = scan.number(1, 2) else { return nil }
      var minutes = 0
      if scan.take(":") {
        guard let value = scan.number(2, 2) else { return nil }
        minutes = value
      }
      offset = (hours * 60 + minutes) * (sign == UInt8(ascii: "-") ? -1 : 1)
    } else if let last = text.last, last == 0x20 || last == 0x09 {
      return nil
    }
    guard scan.atEnd else { return nil }
    time = (hour, minute, second, microsecond, offset)
  }
}
