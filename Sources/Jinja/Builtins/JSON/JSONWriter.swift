/// Writes JSON into a byte buffer, piece by piece, with commas and indentation put in where they belong.
///
/// Made for large documents: text that needs no escapes is copied in one go, and nothing but the buffer is allocated.
/// The caller is trusted to nest correctly (a key before every value of an object).
///
/// ```swift
/// var json = JSONWriter()
/// json.beginObject()
/// json.key("rows"); json.value(3)
/// json.endObject()
/// write(json.bytes)
/// ```
public struct JSONWriter: Sendable {
  public struct Style: Sendable {
    /// Python's `separators`: (", ", ": ") by default, (",", ":") when compact.
    public var compact = false
    /// Blanks a level; nil puts all on one line.
    public var indent: Int?
    /// The text of a level, instead of blanks.
    public var indentText: [UInt8]?
    /// Everything outside ASCII becomes `\uXXXX`, as Python does by default.
    public var ensureASCII = true
    /// `<`, `>`, `&` and `'` become `\uXXXX`, so that the text can stand in HTML.
    public var htmlSafe = false

    public init(compact: Bool = false, indent: Int? = nil, ensureASCII: Bool = true, htmlSafe: Bool = false) {
      self.compact = compact
      self.indent = indent
      self.ensureASCII = ensureASCII
      self.htmlSafe = htmlSafe
    }

    var breaksLines: Bool { indent != nil || indentText != nil }
  }

  public let style: Style
  public private(set) var bytes: [UInt8] = []
  private var depth = 0
  /// A value stands before this place in the same array or object.
  private var needsComma = false
  /// A key was just written.
  private var afterKey = false

  public init(style: Style = Style(), capacity: Int = 0) {
    self.style = style
    bytes.reserveCapacity(capacity)
  }

  public mutating func beginObject() { begin(0x7B) }
  public mutating func endObject() { end(0x7D) }
  public mutating func beginArray() { begin(0x5B) }
  public mutating func endArray() { end(0x5D) }

  public mutating func key(_ name: StaticString) {
    separate()
    quote(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    colon()
  }
  public mutating func key(_ name: String) {
    separate()
    quote(name)
    colon()
  }
  public mutating func key(_ name: Str) {
    separate()
    name.withUTF8 { quote($0) }
    colon()
  }

  public mutating func value(_ text: String) {
    separate()
    quote(text)
  }
  public mutating func value(_ text: Str) {
    separate()
    text.withUTF8 { quote($0) }
  }
  /// UTF-8 text as a string.
  public mutating func value(utf8: UnsafeBufferPointer<UInt8>) {
    separate()
    quote(utf8)
  }
  public mutating func value(_ number: Int) {
    separate()
    append(number)
  }
  /// A float as Python writes it; NaN and the infinities as `NaN`, `Infinity`, `-Infinity`.
  public mutating func value(_ number: Double) {
    separate()
    PythonFloat.append(number, to: &bytes, json: true)
  }
  public mutating func value(_ truth: Bool) {
    separate()
    literal(truth ? "true" : "false")
  }
  public mutating func null() {
    separate()
    literal("null")
  }
  /// A string, or null.
  public mutating func value(_ text: String?) {
    if let text { value(text) } else { null() }
  }
  /// Text that is JSON already.
  public mutating func raw(_ json: UnsafeBufferPointer<UInt8>) {
    separate()
    bytes.append(contentsOf: json)
  }
  public mutating func raw(_ json: [UInt8]) {
    separate()
    bytes.append(contentsOf: json)
  }

  /// What was written so far; the buffer starts again empty, the nesting goes on. For streaming to a file.
  public mutating func take() -> [UInt8] {
    let out = bytes
    bytes = []
    bytes.reserveCapacity(out.count)
    return out
  }

  // MARK: - Structure

  private mutating func begin(_ byte: UInt8) {
    separate()
    bytes.append(byte)
    depth += 1
    needsComma = false
  }

  private mutating func end(_ byte: UInt8) {
    depth -= 1
    if needsComma, style.breaksLines { breakLine() }
    bytes.append(byte)
    needsComma = true
  }

  /// Puts what has to stand before a key, or before a value that has no key.
  @inline(__always) private mutating func separate() {
    if afterKey {
      afterKey = false
      return
    }
    if needsComma {
      bytes.append(0x2C)
      if !style.compact, !style.breaksLines { bytes.append(0x20) }
    }
    if style.breaksLines, depth > 0 { breakLine() }
    needsComma = true
  }

  @inline(__always) private mutating func colon() {
    bytes.append(0x3A)
    if !style.compact { bytes.append(0x20) }
    afterKey = true
  }

  private mutating func breakLine() {
    bytes.append(0x0A)
    for _ in 0..<depth {
      if let text = style.indentText {
        bytes.append(contentsOf: text)
      } else {
        for _ in 0..<max(0, style.indent ?? 0) { bytes.append(0x20) }
      }
    }
  }

  // MARK: - Scalars

  private mutating func literal(_ text: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private mutating func append(_ number: Int) {
    if number >= 0, number < 10 {
      bytes.append(0x30 + UInt8(number))
      return
    }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var at = 20
      var rest = number.magnitude
      while rest > 0 {
        at -= 1
        digits[at] = 0x30 + UInt8(rest % 10)
        rest /= 10
      }
      if number < 0 {
        at -= 1
        digits[at] = 0x2D
      }
      bytes.append(contentsOf: digits[at..<20])
    }
  }

  private mutating func quote(_ text: String) {
    var text = text
    text.withUTF8 { quote($0) }
  }

  private mutating func quote(_ text: UnsafeBufferPointer<UInt8>) {
    bytes.append(0x22)
    var start = 0
    var i = 0
    let count = text.count
    let asciiOnly = style.ensureASCII
    let htmlSafe = style.htmlSafe
    while i < count {
      let byte = text[i]
      let plain =
        byte >= 0x20 && byte != 0x22 && byte != 0x5C
        && (byte < 0x80 || (!asciiOnly && !UTF8Scan.isSurrogate(text, i)))
      if plain, !htmlSafe || !JSONWriter.isUnsafeInHTML(byte) {
        i += 1
        continue
      }
      if start < i { bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<i])) }
      i += escape(text, i)
      start = i
    }
    if start < count { bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<count])) }
    bytes.append(0x22)
  }

  @inline(__always) private static func isUnsafeInHTML(_ byte: UInt8) -> Bool {
    byte == 0x3C || byte == 0x3E || byte == 0x26 || byte == 0x27
  }

  /// Writes one character as an escape; gives its length in bytes.
  private mutating func escape(_ text: UnsafeBufferPointer<UInt8>, _ i: Int) -> Int {
    let byte = text[i]
    switch byte {
    case 0x22: literal("\\\"")
    case 0x5C: literal("\\\\")
    case 0x0A: literal("\\n")
    case 0x0D: literal("\\r")
    case 0x09: literal("\\t")
    case 0x08: literal("\\b")
    case 0x0C: literal("\\f")
    case 0..<0x80: unit(UInt32(byte))
    default:
      let (scalar, length) = UTF8Scan.decode(text, i)
      if scalar > 0xFFFF {
        unit(0xD800 + (scalar - 0x10000) >> 10)
        unit(0xDC00 + (scalar - 0x10000) & 0x3FF)
      } else {
        unit(scalar)
      }
      return length
    }
    return 1
  }

  private mutating func unit(_ code: UInt32) {
    literal("\\u")
    for shift: UInt32 in [12, 8, 4, 0] {
      let digit = UInt8(code >> shift & 0xF)
      bytes.append(digit < 10 ? 0x30 + digit : 0x61 + digit - 10)
    }
  }
}
