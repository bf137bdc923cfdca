/// Writes `repr()` of values, nested ones included, into one buffer, noticing containers that contain themselves.
public struct ReprWriter {
  public var out: StrBuilder
  public let interpreter: Interpreter?
  /// The containers being written, outermost first.
  private var active: [ObjectIdentifier] = []

  /// CPython's recursion limit is about this deep.
  static let maxDepth = 900

  public init(_ interpreter: Interpreter?, capacity: Int = 64) {
    self.interpreter = interpreter
    out = StrBuilder(capacity: capacity)
  }

  /// Writes what `body` writes, or `again` when the container is being written already.
  public mutating func container(
    _ object: AnyObject, again: StaticString, _ body: (inout ReprWriter) throws -> Void
  ) throws {
    let id = ObjectIdentifier(object)
    if active.contains(id) {
      out.append(again)
      return
    }
    if active.count >= ReprWriter.maxDepth {
      throw TemplateError(.recursion, "maximum recursion depth exceeded while getting the repr of an object")
    }
    try StackGuard.check()
    active.append(id)
    try body(&self)
    active.removeLast()
  }

  /// Items separated by `, `.
  public mutating func items(_ items: some Sequence<Value>) throws {
    var first = true
    for item in items {
      if !first { out.append(", ") }
      first = false
      try write(item)
    }
  }

  /// `repr(value)`
  public mutating func write(_ value: Value) throws {
    switch value {
    case .string(let s): write(s)
    case .int(let i): out.append(i)
    case .none: out.append("None")
    case .bool(let b): out.append(b ? "True" : "False")
    case .float(let d): FloatText.append(d, to: &out)
    case .list(let l):
      try container(l, again: "[...]") { writer in
        writer.out.append(0x5B)
        try writer.items(l.items)
        writer.out.append(0x5D)
      }
    case .tuple(let t):
      try container(t, again: "(...)") { writer in
        writer.out.append(0x28)
        try writer.items(t.items)
        if t.items.count == 1 { writer.out.append(0x2C) }
        writer.out.append(0x29)
      }
    case .dict(let d):
      try container(d, again: "{...}") { writer in
        writer.out.append(0x7B)
        var first = true
        for entry in d.entries where entry.live {
          if !first { writer.out.append(", ") }
          first = false
          try writer.write(entry.key)
          writer.out.append(": ")
          try writer.write(entry.value)
        }
        writer.out.append(0x7D)
      }
    case .object(let o): try o.writeRepr(to: &self)
    case .undefined: out.append("Undefined")
    }
  }

  /// `repr` of a string.
  mutating func write(_ text: Str) {
    if text.isMarkup { out.append("Markup(") }
    text.withUTF8 { StringRepr.append($0, to: &out) }
    if text.isMarkup { out.append(0x29) }
  }
}

/// Python's spelling of string and bytes literals.
enum StringRepr {
  /// Single quotes unless the text has some and no double ones.
  static func quote(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt8 {
    var single = false
    for byte in bytes {
      if byte == 0x22 { return 0x27 }
      if byte == 0x27 { single = true }
    }
    return single ? 0x22 : 0x27
  }

  static func append(_ bytes: UnsafeBufferPointer<UInt8>, to out: inout StrBuilder, ascii: Bool = false) {
    let quote = quote(bytes)
    out.reserve(bytes.count + 2)
    out.append(quote)
    var i = 0
    while i < bytes.count {
      let byte = bytes[i]
      if byte >= 0x20, byte < 0x7F {
        if byte == quote || byte == 0x5C { out.append(0x5C) }
        out.append(byte)
        i += 1
        continue
      }
      let start = i
      let scalar = UTF8Codec.decode(bytes, &i)
      if scalar >= 0x80, !ascii, UnicodeTraits.isPrintable(scalar) {
        for k in start..<i { out.append(bytes[k]) }
      } else {
        escape(scalar, to: &out)
      }
    }
    out.append(quote)
  }

  static func escape(_ scalar: UInt32, to out: inout StrBuilder) {
    switch scalar {
    case 0x0A: out.append("\\n")
    case 0x0D: out.append("\\r")
    case 0x09: out.append("\\t")
    case ..<0x100:
      out.append("\\x")
      out.appendHex(scalar, width: 2)
    case ..<0x10000:
      out.append("\\u")
      out.appendHex(scalar, width: 4)
    default:
      out.append("\\U")
      out.appendHex(scalar, width: 8)
    }
  }
}
