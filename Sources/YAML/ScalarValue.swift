/// From a scalar's text to its value, as PyYAML's SafeConstructor makes it.
enum ScalarValue {
  typealias Bytes = UnsafeBufferPointer<UInt8>

  /// Why a text can't be the type its tag says.
  struct Failure: Error {
    var message: String
  }

  static func make(_ text: Bytes, _ tag: ScalarTag) throws(Failure) -> YAMLValue {
    switch tag {
    case .str: return .string(String(decoding: text, as: UTF8.self))
    case .null: return .null
    case .bool: return try bool(text)
    case .int: return try int(text)
    case .float: return try float(text)
    case .timestamp: return try timestamp(text)
    case .merge: throw Failure(message: "`<<` merges mappings; it can't be a value (quote it to mean the text)")
    case .value: throw Failure(message: "`=` has a meaning of its own in YAML 1.1; quote it to mean the text")
    }
  }

  private static func bool(_ text: Bytes) throws(Failure) -> YAMLValue {
    let word = String(decoding: text, as: UTF8.self)
    switch word.lowercased() {
    case "yes", "true", "on": return .bool(true)
    case "no", "false", "off": return .bool(false)
    default: throw Failure(message: "`\(word)` is not a boolean")
    }
  }

  private static func int(_ text: Bytes) throws(Failure) -> YAMLValue {
    var digits = text.filter { $0 != ScalarTag.underscore }[...]
    let negative = digits.first == UInt8(ascii: "-")
    if negative || digits.first == UInt8(ascii: "+") { digits = digits.dropFirst() }
    let result: YAMLValue?
    if digits.elementsEqual([0x30]) {
      result = .int(0)
    } else if digits.starts(with: "0b".utf8) {
      result = PythonNumbers.integer(digits.dropFirst(2), base: 2, negative: negative)
    } else if digits.starts(with: "0x".utf8) {
      result = PythonNumbers.integer(digits.dropFirst(2), base: 16, negative: negative)
    } else if digits.first == 0x30 {
      result = PythonNumbers.integer(digits, base: 8, negative: negative)
    } else if digits.contains(UInt8(ascii: ":")) {
      result = sexagesimal(digits, negative: negative)
    } else {
      result = PythonNumbers.integer(digits, base: 10, negative: negative)
    }
    guard let result else {
      throw Failure(message: "`\(String(decoding: text, as: UTF8.self))` is not an integer")
    }
    return result
  }

  /// `1:30` is 90: base 60, as YAML 1.1 has it for times of day.
  private static func sexagesimal(_ digits: ArraySlice<UInt8>, negative: Bool) -> YAMLValue? {
    var total = 0
    for part in digits.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false) {
      guard case .int(let value)? = PythonNumbers.integer(part, base: 10, negative: false) else { return nil }
      let (product, a) = total.multipliedReportingOverflow(by: 60)
      let (sum, b) = product.addingReportingOverflow(value)
      if a || b { return nil }
      total = sum
    }
    return .int(negative ? -total : total)
  }

  private static func float(_ text: Bytes) throws(Failure) -> YAMLValue {
    let word = String(decoding: text.filter { $0 != ScalarTag.underscore }, as: UTF8.self).lowercased()
    var digits = word[...]
    let negative = digits.hasPrefix("-")
    if negative || digits.hasPrefix("+") { digits = digits.dropFirst() }
    var value: Double?
    if digits == ".inf" {
      value = .infinity
    } else if digits == ".nan" {
      value = .nan
    } else if digits.contains(":") {
      var total = 0.0
      for part in digits.split(separator: ":", omittingEmptySubsequences: false) {
        guard let number = Double(part.hasSuffix(".") ? part + "0" : part) else {
          throw Failure(message: "`\(word)` is not a number")
        }
        total = total * 60 + number
      }
      value = total
    } else {
      // Swift wants digits on both sides of the dot.
      var plain = String(digits)
      if plain.hasPrefix(".") { plain = "0" + plain }
      plain = plain.replacing(".e", with: ".0e")
      if plain.hasSuffix(".") { plain += "0" }
      value = Double(plain)
    }
    guard let value else { throw Failure(message: "`\(word)` is not a number") }
    return .float(negative ? -value : value)
  }

  private static func timestamp(_ text: Bytes) throws(Failure) -> YAMLValue {
    let word = String(decoding: text, as: UTF8.self)
    guard let parts = TimestampText(text) else { throw Failure(message: "`\(word)` is not a date") }
    guard let date = YAMLDate(year: parts.year, month: parts.month, day: parts.day) else {
      throw Failure(message: "there is no day `\(word)`")
    }
    guard let time = parts.time else { return .date(date) }
    guard
      let dateTime = YAMLDateTime(
        date: date, hour: time.hour, minute: time.minute, second: time.second, microsecond: time.microsecond,
        offset: time.offset)
    else { throw Failure(message: "there is no time `\(word)`") }
    return .dateTime(dateTime)
  }

  /// `!!binary`: base64 with anything else ignored, as Python's `base64.decodebytes`.
  static func binary(_ text: Bytes) throws(Failure) -> YAMLValue {
    var out: [UInt8] = []
    var buffer = 0
    var bits = 0
    var symbols = 0
    for byte in text {
      let six: Int
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): six = Int(byte) - 65
      case UInt8(ascii: "a")...UInt8(ascii: "z"): six = Int(byte) - 97 + 26
      case UInt8(ascii: "0")...UInt8(ascii: "9"): six = Int(byte) - 48 + 52
      case UInt8(ascii: "+"): six = 62
      case UInt8(ascii: "/"): six = 63
      case 0x80...: throw Failure(message: "binary data must be base64 text")
      default: continue
      }
      buffer = (buffer << 6 | six) & 0xFFFFFF
      bits += 6
      symbols += 1
      if bits >= 8 {
        bits -= 8
        out.append(UInt8(truncatingIfNeeded: buffer >> bits))
      }
    }
    if symbols % 4 == 1 { throw Failure(message: "binary data must be base64 text") }
    return .binary(out)
  }
}

extension YAMLValue {
  /// A scalar's text as PyYAML's SafeRepresenter writes it; empty for collections.
  var scalarText: String {
    switch self {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .int(let value): return String(value)
    case .bigInt(let digits): return digits
    case .float(let value):
      if value.isNaN { return ".nan" }
      if value.isInfinite { return value < 0 ? "-.inf" : ".inf" }
      let text = PythonNumbers.repr(value)
      // `1e+16` would read back as a string.
      return text.contains(".") ? text : text.replacing("e", with: ".0e")
    case .string(let value): return value
    case .date(let value): return value.description
    case .dateTime(let value): return value.description
    case .binary(let bytes): return base64Lines(bytes)
    case .sequence, .mapping: return ""
    }
  }
}

/// Python's `base64.encodebytes`: lines of 76 characters, each ended.
private func base64Lines(_ bytes: [UInt8]) -> String {
  let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var out: [UInt8] = []
  for lineStart in stride(from: 0, to: bytes.count, by: 57) {
    let line = bytes[lineStart..<min(lineStart + 57, bytes.count)]
    for start in stride(from: line.startIndex, to: line.endIndex, by: 3) {
      let a = Int(line[start])
      let b = start + 1 < line.endIndex ? Int(line[start + 1]) : nil
      let c = start + 2 < line.endIndex ? Int(line[start + 2]) : nil
      out.append(alphabet[a >> 2])
      out.append(alphabet[(a & 3) << 4 | (b ?? 0) >> 4])
      out.append(b.map { alphabet[($0 & 15) << 2 | (c ?? 0) >> 6] } ?? UInt8(ascii: "="))
      out.append(c.map { alphabet[$0 & 63] } ?? UInt8(ascii: "="))
    }
    out.append(0x0A)
  }
  return String(decoding: out, as: UTF8.self)
}
