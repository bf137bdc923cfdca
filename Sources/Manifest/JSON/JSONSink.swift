/// JSON bytes as Python's `json.dumps` writes them: `", "` and `": "` between things, everything that is not ASCII
/// escaped.
public struct JSONSink: FieldSink, ~Copyable {
  private var buffer: ByteBuffer
  /// Whether a comma must come before the next thing.
  private var needsComma = false
  /// The time at which everything was made is written for each thing.
  private var lastDouble: (value: Double, text: String) = (.nan, "")
  /// Texts of configurations that many nodes share.
  private var configs = ConfigTexts()

  public init(capacity: Int = 4096) { buffer = ByteBuffer(capacity: capacity) }

  /// What was written so far.
  public var bytes: [UInt8] { withBytes(Array.init) }

  /// How many bytes were written.
  public var count: Int { buffer.bytes.count }

  public func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
    try body(buffer.bytes)
  }

  /// Forgets what was written, keeping the room for it.
  public mutating func removeAll() {
    buffer.removeAll()
    needsComma = false
  }

  /// Says whether something was written before at this level, when parts of one object are written by several sinks.
  public mutating func continues(_ flag: Bool) { needsComma = flag }

  @inline(__always) private mutating func separate() {
    if needsComma { buffer.append(UInt8(ascii: ","), UInt8(ascii: " ")) }
    needsComma = true
  }

  public mutating func beginObject() {
    separate()
    buffer.append(UInt8(ascii: "{"))
    needsComma = false
  }
  public mutating func endObject() {
    buffer.append(UInt8(ascii: "}"))
    needsComma = true
  }
  public mutating func beginArray() {
    separate()
    buffer.append(UInt8(ascii: "["))
    needsComma = false
  }
  public mutating func endArray() {
    buffer.append(UInt8(ascii: "]"))
    needsComma = true
  }

  public mutating func key(_ name: StaticString) {
    separate()
    let length = name.utf8CodeUnitCount
    let room = buffer.room(length + 4)
    room[0] = UInt8(ascii: "\"")
    (room + 1).update(from: name.utf8Start, count: length)
    room[length + 1] = UInt8(ascii: "\"")
    room[length + 2] = UInt8(ascii: ":")
    room[length + 3] = UInt8(ascii: " ")
    buffer.advance(length + 4)
    needsComma = false
  }
  public mutating func key(_ name: String) {
    separate()
    quote(name)
    buffer.append(UInt8(ascii: ":"), UInt8(ascii: " "))
    needsComma = false
  }

  public mutating func null() {
    separate()
    word("null")
  }
  public mutating func bool(_ value: Bool) {
    separate()
    if value { word("true") } else { word("false") }
  }
  public mutating func int(_ value: Int) {
    separate()
    append(String(value))
  }
  public mutating func double(_ value: Double) {
    separate()
    if value.isNaN {
      word("NaN")
    } else if value.isInfinite {
      if value < 0 { word("-Infinity") } else { word("Infinity") }
    } else {
      if value != lastDouble.value { lastDouble = (value, pythonText(of: value)) }
      append(lastDouble.text)
    }
  }
  public mutating func string(_ value: String) {
    separate()
    quote(value)
  }

  public mutating func value(_ value: ConfigValue) {
    switch value {
    case .null: null()
    case .bool(let b): bool(b)
    case .int(let i): int(i)
    case .bigInt(let digits):
      separate()
      append(digits)
    case .double(let d): double(d)
    case .string(let s), .date(let s), .datetime(let s): string(s)
    case .list(let items):
      beginArray()
      for item in items { self.value(item) }
      endArray()
    case .dict(let entries): dict(entries)
    }
  }

  public mutating func config(_ config: NodeConfig) {
    separate()
    if let known = configs[config] {
      known.withUnsafeBufferPointer { buffer.append($0) }
    } else {
      let start = buffer.bytes.count
      needsComma = false
      fields(of: config)
      configs.add(config, Array(buffer.bytes[start...]))
    }
    needsComma = true
  }

  @inline(__always) private mutating func word(_ text: StaticString) {
    buffer.append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// A text that needs no quotes.
  private mutating func append(_ text: String) {
    // Not `withUTF8`, which would take a copy of its own first.
    if text.utf8.withContiguousStorageIfAvailable({ buffer.append($0) }) == nil {
      var text = text
      text.withUTF8 { buffer.append($0) }
    }
  }

  private mutating func quote(_ text: String) {
    if text.utf8.withContiguousStorageIfAvailable({ quote($0) }) == nil {
      var text = text
      text.withUTF8 { quote($0) }
    }
  }

  private mutating func quote(_ text: UnsafeBufferPointer<UInt8>) {
    buffer.append(UInt8(ascii: "\""))
    var start = 0
    // Most text is plain: it is copied in runs.
    while true {
      let end = appendPlain(text, from: start)
      guard end < text.count else { break }
      if text[end] < 0x80 {
        escape(text[end])
        start = end + 1
      } else {
        start = end + escapeScalar(text, end)
      }
    }
    buffer.append(UInt8(ascii: "\""))
  }

  /// Copies bytes that are themselves in JSON, eight together where they can be; gives where the next other one stands.
  @inline(__always) private mutating func appendPlain(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    let bytes = UnsafeRawBufferPointer(text)
    // A word may be put down whole though only its first bytes count.
    let room = UnsafeMutableRawPointer(buffer.room(text.count - start + 8))
    var i = start
    while i + 8 <= bytes.count {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self))
      room.storeBytes(of: word.littleEndian, toByteOffset: i - start, as: UInt64.self)
      let found = Self.special(word)
      if found != 0 {
        i += found.trailingZeroBitCount / 8
        buffer.advance(i - start)
        return i
      }
      i += 8
    }
    while i < text.count {
      let byte = text[i]
      if byte < 0x20 || byte >= 0x7F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
      room.storeBytes(of: byte, toByteOffset: i - start, as: UInt8.self)
      i += 1
    }
    buffer.advance(i - start)
    return i
  }

  /// The high bits of those of eight bytes that are not themselves in JSON, as far as the first of them: behind it
  /// others may be marked too.
  @inline(__always) private static func special(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    // Taking 1 from each byte borrows only where a byte was 0, and only into those behind it.
    let quotes = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
    let backslashes = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
    let deletes = word ^ (ones &* 0x7F)
    let found = word | (word &- ones &* 0x20) | (quotes &- ones) | (backslashes &- ones) | (deletes &- ones)
    return found & 0x8080_8080_8080_8080
  }

  private mutating func escape(_ byte: UInt8) {
    let backslash = UInt8(ascii: "\\")
    switch byte {
    case UInt8(ascii: "\""), backslash: buffer.append(backslash, byte)
    case 0x0A: buffer.append(backslash, UInt8(ascii: "n"))
    case 0x0D: buffer.append(backslash, UInt8(ascii: "r"))
    case 0x09: buffer.append(backslash, UInt8(ascii: "t"))
    case 0x08: buffer.append(backslash, UInt8(ascii: "b"))
    case 0x0C: buffer.append(backslash, UInt8(ascii: "f"))
    case 0x7F: buffer.append(0x7F)
    default: unit(UInt32(byte))
    }
  }

  /// One scalar of well-formed UTF-8 as one or two `\uXXXX`; gives its length in bytes.
  private mutating func escapeScalar(_ text: UnsafeBufferPointer<UInt8>, _ i: Int) -> Int {
    let first = UInt32(text[i])
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    var scalar = first & (length == 4 ? 0x07 : length == 3 ? 0x0F : 0x1F)
    for k in 1..<length where i + k < text.count { scalar = scalar << 6 | UInt32(text[i + k] & 0x3F) }
    if scalar >= 0x10000 {
      unit(0xD800 + (scalar - 0x10000) >> 10)
      unit(0xDC00 + (scalar - 0x10000) & 0x3FF)
    } else {
      unit(scalar)
    }
    return length
  }

  private mutating func unit(_ value: UInt32) {
    word("\\u")
    for shift in [12, 8, 4, 0] as [UInt32] {
      let digit = UInt8(value >> shift & 15)
      buffer.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
    }
  }
}
