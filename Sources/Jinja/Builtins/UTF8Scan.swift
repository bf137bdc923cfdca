/// Reading Unicode scalars out of UTF-8 that is known to be valid, but for lone surrogates: Python's strings may hold
/// them, and they are kept in the three bytes UTF-8 would have for them.
enum UTF8Scan {
  /// Whether a surrogate starts at a byte.
  @inline(__always) static func isSurrogate(_ bytes: UnsafeBufferPointer<UInt8>, _ i: Int) -> Bool {
    bytes[i] == 0xED && i + 1 < bytes.count && bytes[i + 1] >= 0xA0
  }

  /// The scalar that starts at a byte, and its length in bytes.
  @inline(__always) static func decode(_ bytes: UnsafeBufferPointer<UInt8>, _ i: Int) -> (scalar: UInt32, length: Int) {
    let first = bytes[i]
    if first < 0x80 { return (UInt32(first), 1) }
    let left = bytes.count - i
    if first < 0xE0, left >= 2 { return (UInt32(first & 0x1F) << 6 | UInt32(bytes[i + 1] & 0x3F), 2) }
    if first < 0xF0, left >= 3 {
      return (UInt32(first & 0x0F) << 12 | UInt32(bytes[i + 1] & 0x3F) << 6 | UInt32(bytes[i + 2] & 0x3F), 3)
    }
    if left >= 4 {
      let high = UInt32(first & 0x07) << 18 | UInt32(bytes[i + 1] & 0x3F) << 12
      return (high | UInt32(bytes[i + 2] & 0x3F) << 6 | UInt32(bytes[i + 3] & 0x3F), 4)
    }
    return (0xFFFD, 1)
  }

  /// Appends a scalar's bytes.
  static func append(_ scalar: UInt32, to bytes: inout [UInt8]) {
    if scalar < 0x80 {
      bytes.append(UInt8(scalar))
    } else if scalar < 0x800 {
      bytes.append(UInt8(0xC0 | scalar >> 6))
      bytes.append(UInt8(0x80 | scalar & 0x3F))
    } else if scalar < 0x10000 {
      bytes.append(UInt8(0xE0 | scalar >> 12))
      bytes.append(UInt8(0x80 | scalar >> 6 & 0x3F))
      bytes.append(UInt8(0x80 | scalar & 0x3F))
    } else {
      bytes.append(UInt8(0xF0 | scalar >> 18 & 0x07))
      bytes.append(UInt8(0x80 | scalar >> 12 & 0x3F))
      bytes.append(UInt8(0x80 | scalar >> 6 & 0x3F))
      bytes.append(UInt8(0x80 | scalar & 0x3F))
    }
  }
}
