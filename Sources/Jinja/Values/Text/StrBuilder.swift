import Glibc

/// Builds a `Str` in place: bytes are written straight into the string's own storage, so that finishing copies nothing.
public struct StrBuilder {
  private var storage: Str
  private var base: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  /// Bytes written so far.
  public private(set) var count = 0

  public init(capacity: Int = 64) {
    let capacity = max(capacity, 16)
    storage = Str.make(capacity: capacity) { _ in 0 }
    base = storage.withUnsafeMutablePointerToElements { $0 }
    self.capacity = capacity
  }

  private mutating func grow(_ extra: Int) {
    let wanted = max(capacity * 2, count + extra)
    let bigger = Str.make(capacity: wanted) { _ in 0 }
    let target = bigger.withUnsafeMutablePointerToElements { $0 }
    target.update(from: base, count: count)
    storage = bigger
    base = target
    capacity = wanted
  }

  @inline(__always) public mutating func reserve(_ extra: Int) {
    if count + extra > capacity { grow(extra) }
  }

  @inline(__always) public mutating func append(_ byte: UInt8) {
    if count == capacity { grow(1) }
    base[count] = byte
    count += 1
  }

  @inline(__always) public mutating func append(_ source: UnsafePointer<UInt8>, _ length: Int) {
    reserve(length)
    (base + count).update(from: source, count: length)
    count += length
  }

  @inline(__always) public mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    if let source = bytes.baseAddress { append(source, bytes.count) }
  }

  public mutating func append(_ str: Str) {
    str.withUTF8 { append($0) }
  }

  public mutating func append(_ text: StaticString) {
    append(text.utf8Start, text.utf8CodeUnitCount)
  }

  public mutating func append(text: String) {
    var text = text
    text.withUTF8 { append($0) }
  }

  public mutating func append(bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { append($0) }
  }

  public mutating func append(repeating byte: UInt8, count n: Int) {
    guard n > 0 else { return }
    reserve(n)
    (base + count).update(repeating: byte, count: n)
    count += n
  }

  /// One Unicode scalar as UTF-8.
  @inline(__always) public mutating func append(scalar: UInt32) {
    if scalar < 0x80 {
      append(UInt8(truncatingIfNeeded: scalar))
      return
    }
    reserve(4)
    count += UTF8Codec.encode(scalar, to: base + count)
  }

  @_disfavoredOverload public mutating func append(_ number: Int) {
    reserve(20)
    count += DecimalDigits.write(number, to: base + count)
  }

  /// Lowercase hexadecimal with at least `width` digits.
  mutating func appendHex(_ number: UInt32, width: Int) {
    var shift = (width - 1) * 4
    while shift >= 0 {
      let digit = UInt8(truncatingIfNeeded: (number >> UInt32(shift)) & 15)
      append(digit < 10 ? 48 + digit : 87 + digit)
      shift -= 4
    }
  }

  /// The string; the builder must not be used afterwards.
  public mutating func finish(markup: Bool = false) -> Str {
    if count == 0, !markup { return Str.empty }
    // What was reserved far beyond need is given back.
    if capacity > 256, capacity > count * 2 {
      return Str.make(UnsafeBufferPointer(start: base, count: count), markup: markup)
    }
    storage.setCount(count, markup: markup)
    return storage
  }
}

extension Str {
  @inline(__always) func setCount(_ count: Int, markup: Bool) {
    header.count = count
    header.isMarkup = markup
  }
}

/// UTF-8 of one scalar at a time. What it reads is always well formed: strings are checked when they are made.
enum UTF8Codec {
  @inline(__always) static func encode(_ scalar: UInt32, to target: UnsafeMutablePointer<UInt8>) -> Int {
    if scalar < 0x80 {
      target[0] = UInt8(truncatingIfNeeded: scalar)
      return 1
    }
    if scalar < 0x800 {
      target[0] = UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6)
      target[1] = UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F)
      return 2
    }
    if scalar < 0x10000 {
      target[0] = UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12)
      target[1] = UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F)
      target[2] = UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F)
      return 3
    }
    target[0] = UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18)
    target[1] = UInt8(truncatingIfNeeded: 0x80 | scalar >> 12 & 0x3F)
    target[2] = UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F)
    target[3] = UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F)
    return 4
  }

  /// Bytes of the scalar that starts with `lead`.
  @inline(__always) static func length(_ lead: UInt8) -> Int {
    lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
  }

  /// The scalar at `index`, which is moved past it. A truncated end (never in a checked string) reads as U+FFFD.
  @inline(__always) static func decode(_ bytes: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> UInt32 {
    let lead = bytes[index]
    if lead < 0x80 {
      index += 1
      return UInt32(lead)
    }
    let length = length(lead)
    guard index + length <= bytes.count else {
      index = bytes.count
      return 0xFFFD
    }
    var scalar = UInt32(lead) & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07)
    for i in 1..<length { scalar = scalar << 6 | UInt32(bytes[index + i] & 0x3F) }
    index += length
    return scalar
  }

  /// The scalar that ends just before `end`, which is moved to its start.
  @inline(__always) static func decodeBackwards(_ bytes: UnsafeBufferPointer<UInt8>, _ end: inout Int) -> UInt32 {
    var start = end - 1
    while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
    end = start
    var index = start
    return decode(bytes, &index)
  }
}

/// Decimal digits of machine integers.
enum DecimalDigits {
  /// Writes at most 20 bytes; returns how many.
  static func write(_ number: Int, to target: UnsafeMutablePointer<UInt8>) -> Int {
    var magnitude = number.magnitude
    var start = 0
    if number < 0 {
      target[0] = 45
      start = 1
    }
    if magnitude < 10 {
      target[start] = 48 + UInt8(truncatingIfNeeded: magnitude)
      return start + 1
    }
    var digits = 0
    var rest = magnitude
    while rest > 0 {
      rest /= 10
      digits += 1
    }
    var position = start + digits
    while magnitude > 0 {
      position -= 1
      let (quotient, digit) = magnitude.quotientAndRemainder(dividingBy: 10)
      target[position] = 48 + UInt8(truncatingIfNeeded: digit)
      magnitude = quotient
    }
    return start + digits
  }
}
