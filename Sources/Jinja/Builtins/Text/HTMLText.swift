/// HTML as plain text.
enum HTMLText {
  /// Without tags and comments, runs of blanks as one, entities decoded.
  static func strippingTags(_ s: Str) -> Str {
    let bytes = s.bytes
    var text: [UInt8] = []
    var position = 0
    while let start = bytes[position...].firstIndex(of: 0x3C) {
      var end: Int
      if starts(bytes, start, "<!--") {
        var i = start + 4
        while i < bytes.count, !starts(bytes, i, "-->") { i += 1 }
        if i >= bytes.count { break }
        end = i + 3
      } else {
        guard let close = bytes[start...].firstIndex(of: 0x3E) else { break }
        end = close + 1
      }
      text.append(contentsOf: bytes[position..<start])
      position = end
    }
    text.append(contentsOf: bytes[position...])
    return HTMLEntities.decode(collapse(text))
  }

  private static func starts(_ bytes: [UInt8], _ at: Int, _ text: StaticString) -> Bool {
    guard at + text.utf8CodeUnitCount <= bytes.count else { return false }
    for i in 0..<text.utf8CodeUnitCount where bytes[at + i] != text.utf8Start[i] { return false }
    return true
  }

  private static func collapse(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    bytes.withUnsafeBufferPointer { bytes in
      var i = 0
      var blank = false
      while i < bytes.count {
        let (scalar, length) = UTF8Scan.decode(bytes, i)
        if Characters.isSpace(scalar) {
          blank = true
        } else {
          if blank, !out.isEmpty { out.append(0x20) }
          blank = false
          out.append(contentsOf: bytes[i..<i + length])
        }
        i += length
      }
    }
    return out
  }
}
