/// What Python's string methods do, on the bytes of a CSV field.
enum SeedText {
  typealias Bytes = UnsafeBufferPointer<UInt8>

  /// `str.strip()`
  @inline(__always)
  static func stripped(_ bytes: Bytes) -> Bytes {
    guard let first = bytes.first, let last = bytes.last else { return bytes }
    // Neither white space nor part of a character that may be.
    if first > 0x20, first < 0x80, last > 0x20, last < 0x80 { return bytes }
    var start = 0
    var end = bytes.count
    while start < end, let length = spaceLength(bytes, start) { start += length }
    while end > start {
      var at = end - 1
      while at > start, bytes[at] & 0xC0 == 0x80 { at -= 1 }
      guard let length = spaceLength(bytes, at), at + length == end else { break }
      end = at
    }
    return Bytes(rebasing: bytes[start..<end])
  }

  /// How many bytes the white space at an offset has; nil when there is none.
  private static func spaceLength(_ bytes: Bytes, _ at: Int) -> Int? {
    let byte = bytes[at]
    if byte < 0x80 { return (0x09...0x0D).contains(byte) || (0x1C...0x20).contains(byte) ? 1 : nil }
    if byte == 0xC2 {
      return at + 1 < bytes.count && (bytes[at + 1] == 0x85 || bytes[at + 1] == 0xA0) ? 2 : nil
    }
    guard byte >= 0xE1, byte <= 0xE3, at + 2 < bytes.count else { return nil }
    switch (byte, bytes[at + 1], bytes[at + 2]) {
    case (0xE1, 0x9A, 0x80), (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8...0xA9), (0xE2, 0x80, 0xAF),
      (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80):
      return 3
    default: return nil
    }
  }

  /// Whether a stripped text is one that dbt takes for null.
  @inline(__always)
  static func isNull(_ stripped: Bytes) -> Bool {
    stripped.count == 0 || (stripped.count == 4 && equals(stripped, "null"))
  }

  /// Compares with an ASCII word in lower case, letters of any case.
  static func equals(_ bytes: Bytes, _ word: StaticString) -> Bool {
    guard bytes.count == word.utf8CodeUnitCount else { return false }
    for i in 0..<bytes.count {
      let byte = bytes[i]
      let lower = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
      if lower != word.utf8Start[i] { return false }
    }
    return true
  }

  static func isASCII(_ bytes: Bytes) -> Bool { bytes.allSatisfy { $0 < 0x80 } }

  /// Digits of all scripts as ASCII's, white space as spaces, as Python's numbers and `\d` see them; all else stays.
  static func plain(_ bytes: Bytes) -> [UInt8] {
    var out: [UInt8] = []
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      if scalar.value >= 0x80 {
        if scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue {
          out.append(0x30 + UInt8(value))
          continue
        }
        if scalar.properties.isWhitespace {
          out.append(0x20)
          continue
        }
      }
      out.append(contentsOf: Array(String(scalar).utf8))
    }
    return out
  }

  static func boolean(_ bytes: Bytes) -> SeedCast<Bool> {
    let stripped = stripped(bytes)
    if isNull(stripped) { return .null }
    if equals(stripped, "true") { return .value(true) }
    if equals(stripped, "false") { return .value(false) }
    guard bytes.contains(UInt8(ascii: ",")) else { return .no }
    // Commas are taken out first, wherever they are.
    return bytes.filter { $0 != UInt8(ascii: ",") }.withUnsafeBufferPointer { boolean($0) }
  }
}

/// What came of reading a field as a value of some type.
enum SeedCast<Value> {
  case value(Value)
  case null
  case no
}
