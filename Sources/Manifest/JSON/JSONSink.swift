/// JSON bytes as Python's `json.dumps` writes them: `", "` and `": "` between things, everything that is not ASCII
/// escaped.
public struct JSONSink: FieldSink {
  public private(set) var bytes: [UInt8] = []
  /// Whether a comma must come before the next thing.
  private var needsComma = false

  public init(capacity: Int = 4096) { bytes.reserveCapacity(capacity) }

  /// Forgets what was written, keeping the room for it.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    needsComma = false
  }

  /// Says whether something was written before at this level, when parts of one object are written by several sinks.
  public mutating func continues(_ flag: Bool) { needsComma = flag }

  @inline(__always) private mutating func separate() {
    if needsComma {
      bytes.append(UInt8(ascii: ","))
      bytes.append(UInt8(ascii: " "))
    }
    needsComma = true
  }

  public mutating func beginObject() {
    separate()
    bytes.append(UInt8(ascii: "{"))
    needsComma = false
  }
  public mutating func endObject() {
    bytes.append(UInt8(ascii: "}"))
    needsComma = true
  }
  public mutating func beginArray() {
    separate()
    bytes.append(UInt8(ascii: "["))
    needsComma = false
  }
  public mutating func endArray() {
    bytes.append(UInt8(ascii: "]"))
    needsComma = true
  }

  public mutating func key(_ name: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    bytes.append(UInt8(ascii: " "))
    needsComma = false
  }
  public mutating func key(_ name: String) {
    separate()
    quote(name)
    bytes.append(UInt8(ascii: ":"))
    bytes.append(UInt8(ascii: " "))
    needsComma = false
  }

  public mutating func null() {
    separate()
    append("null")
  }
  public mutating func bool(_ value: Bool) {
    separate()
    append(value ? "true" : "false")
  }
  public mutating func int(_ value: Int) {
    separate()
    bytes.append(contentsOf: String(value).utf8)
  }
  public mutating func double(_ value: Double) {
    separate()
    if value.isNaN {
      append("NaN")
    } else if value.isInfinite {
      append(value < 0 ? "-Infinity" : "Infinity")
    } else {
      bytes.append(contentsOf: pythonText(of: value).utf8)
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
      bytes.append(contentsOf: digits.utf8)
    case .double(let d): double(d)
    case .string(let s), .date(let s), .datetime(let s): string(s)
    case .list(let items):
      beginArray()
      for item in items { self.value(item) }
      endArray()
    case .dict(let entries): dict(entries)
    }
  }

  private mutating func append(_ text: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private mutating func quote(_ text: String) {
    var text = text
    text.withUTF8 { quote($0) }
  }

  private mutating func quote(_ text: UnsafeBufferPointer<UInt8>) {
    bytes.append(UInt8(ascii: "\""))
    var start = 0
    var i = 0
    while i < text.count {
      let byte = text[i]
      // Most text is plain: copy it in runs.
      if byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
        i += 1
        continue
      }
      if start < i { bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<i])) }
      if byte < 0x80 {
        escape(byte)
        i += 1
      } else {
        i += escapeScalar(text, i)
      }
      start = i
    }
    if start < text.count { bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...])) }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): append("\\\"")
    case UInt8(ascii: "\\"): append("\\\\")
    case 0x0A: append("\\n")
    case 0x0D: append("\\r")
    case 0x09: append("\\t")
    case 0x08: append("\\b")
    case 0x0C: append("\\f")
    case 0x7F: bytes.append(0x7F)
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
    append("\\u")
    for shift in [12, 8, 4, 0] as [UInt32] {
      let digit = UInt8(value >> shift & 15)
      bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
    }
  }
}
