/// Access to a string by Unicode scalar, as Python indexes it. ASCII strings are indexed by byte.
extension Str {
  /// The one-character strings of ASCII, made once and frozen: iterating over text allocates nothing for them.
  nonisolated(unsafe) private static let ascii: [Str] = (0..<128).map { code in
    let str = Str.make([UInt8(code)])
    str.freeze()
    return str
  }

  /// The string of one scalar.
  public static func scalar(_ scalar: UInt32) -> Str {
    if scalar < 128 { return ascii[Int(scalar)] }
    return make(capacity: 4) { target in
      guard let base = target.baseAddress else { return 0 }
      return UTF8Codec.encode(scalar, to: base)
    }
  }

  /// The byte where scalar `index` starts; `count` when it is past the end. Linear unless the string is ASCII.
  func byteOffset(ofScalar index: Int) -> Int {
    if isASCII { return min(index, count) }
    if index >= scalarCount { return count }
    return withUTF8 { bytes in
      var offset = 0
      var left = index
      while left > 0, offset < bytes.count {
        offset += UTF8Codec.length(bytes[offset])
        left -= 1
      }
      return offset
    }
  }

  /// The number of scalars before byte `offset`.
  func scalarIndex(ofByte offset: Int) -> Int {
    if isASCII { return offset }
    return withUTF8 { bytes in
      var n = 0
      for i in 0..<offset where bytes[i] & 0xC0 != 0x80 { n += 1 }
      return n
    }
  }

  /// `s[index]` with Python's negative indexes; nil when out of range.
  public func character(at index: Int) -> Str? {
    let n = scalarCount
    let index = index < 0 ? index + n : index
    guard index >= 0, index < n else { return nil }
    if isMarkup { return slice(from: index, to: index + 1) }
    let offset = byteOffset(ofScalar: index)
    return withUTF8 { bytes in
      var at = offset
      return Str.scalar(UTF8Codec.decode(bytes, &at))
    }
  }

  /// Scalars `start..<end`, both within range.
  func slice(from start: Int, to end: Int) -> Str {
    if start >= end { return isMarkup ? Str.make([], markup: true) : Str.empty }
    if start == 0, end == scalarCount { return self }
    let first = byteOffset(ofScalar: start)
    let last = isASCII ? min(end, count) : byteOffset(ofScalar: end)
    return sub(first, last)
  }

  /// Bytes `first..<last`, which must lie on scalar boundaries; Markup stays Markup.
  func sub(_ first: Int, _ last: Int) -> Str {
    if first == 0, last == count { return self }
    return withUTF8 { bytes in
      if last - first == 1, !isMarkup { return Str.scalar(UInt32(bytes[first])) }
      if first == last, !isMarkup { return Str.empty }
      return Str.make(UnsafeBufferPointer(rebasing: bytes[first..<last]), markup: isMarkup)
    }
  }

  /// All scalars.
  var scalars: [UInt32] {
    withUTF8 { bytes in
      var out: [UInt32] = []
      out.reserveCapacity(scalarCount)
      var i = 0
      while i < bytes.count { out.append(UTF8Codec.decode(bytes, &i)) }
      return out
    }
  }

  static func make(scalars: some Sequence<UInt32>, markup: Bool = false) -> Str {
    var builder = StrBuilder()
    for scalar in scalars { builder.append(scalar: scalar) }
    return builder.finish(markup: markup)
  }

  /// Whether the text equals an ASCII literal.
  @inline(__always) func equals(_ text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount
      && withUTF8 { bytes in
        for i in 0..<bytes.count where bytes[i] != text.utf8Start[i] { return false }
        return true
      }
  }
}

/// Iterates over the characters of a string.
final class CharacterIterator: ValueIterator {
  private let text: Str
  private var offset = 0
  private var left: Int

  init(_ text: Str) {
    self.text = text
    left = text.scalarCount
  }

  override func next() -> Value? {
    guard left > 0 else { return nil }
    left -= 1
    return text.withUTF8 { bytes in .string(Str.scalar(UTF8Codec.decode(bytes, &offset))) }
  }
  override var remaining: Int? { left }
}
