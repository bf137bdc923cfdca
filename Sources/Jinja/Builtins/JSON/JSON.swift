/// JSON as Python's `json` module reads and writes it.
public enum JSON {
  /// How a value is written.
  public struct Options: Sendable {
    public var style = JSONWriter.Style()
    /// Keys in order (`sort_keys`).
    public var sortKeys = false
    /// `skipkeys`: keys that are not strings, numbers, booleans or none are left out instead of being an error.
    public var skipKeys = false
    public init(style: JSONWriter.Style = .init(), sortKeys: Bool = false) {
      self.style = style
      self.sortKeys = sortKeys
    }
  }

  /// `json.loads`
  /// - Throws: `TemplateError(.value)` with Python's message and place.
  public static func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws -> Value { try JSONReader.read(bytes) }
  public static func parse(_ text: Str) throws -> Value { try text.withUTF8 { try JSONReader.read($0) } }
  public static func parse(_ bytes: [UInt8]) throws -> Value {
    try bytes.withUnsafeBufferPointer { try JSONReader.read($0) }
  }
  public static func parse(_ text: String) throws -> Value {
    var text = text
    return try text.withUTF8 { try JSONReader.read($0) }
  }

  /// `json.dumps`
  /// - Throws: `TemplateError(.type)` for what JSON has no form for, `.value` for a list or dict inside itself.
  public static func dumps(_ value: Value, _ options: Options = Options()) throws -> Str {
    var encoder = JSONEncoder(options)
    try encoder.encode(value)
    return Str.make(encoder.writer.bytes)
  }

  /// `dumps` for embedding in HTML, as Jinja's `tojson`: sorted keys, `<>&'` as escapes, the result Markup.
  public static func htmlSafe(_ value: Value, indent: Int? = nil, indentText: [UInt8]? = nil) throws -> Str {
    var style = JSONWriter.Style(indent: indent, htmlSafe: true)
    style.indentText = indentText
    var encoder = JSONEncoder(Options(style: style, sortKeys: true))
    try encoder.encode(value)
    return Str.make(encoder.writer.bytes, markup: true)
  }
}

extension JSONWriter {
  /// A value of the template language.
  public mutating func value(_ value: Value, sortKeys: Bool = false) throws {
    var encoder = JSONEncoder(JSON.Options(style: style, sortKeys: sortKeys), self)
    self = JSONWriter(style: style)
    defer { self = encoder.writer }
    try encoder.encode(value)
  }
}

/// Walks a value and writes it.
struct JSONEncoder {
  var writer: JSONWriter
  private let options: JSON.Options
  /// The containers around the current place, to find one that holds itself.
  private var open: [ObjectIdentifier] = []

  init(_ options: JSON.Options, _ writer: JSONWriter? = nil) {
    self.options = options
    self.writer = writer ?? JSONWriter(style: options.style)
  }

  mutating func encode(_ value: Value) throws {
    switch value {
    case .none: writer.null()
    case .bool(let b): writer.value(b)
    case .int(let i): writer.value(i)
    case .float(let d): writer.value(d)
    case .string(let s): writer.value(s)
    case .list(let list):
      try enter(list)
      try encode(items: list.items)
    case .tuple(let tuple):
      try enter(tuple)
      try encode(items: tuple.items)
    case .dict(let dict):
      try enter(dict)
      try encode(dict)
    case .undefined, .object:
      // Integers of any size are numbers; a host's object may say what it is written as.
      if case .object(let object) = value {
        if object.typeName == "int" {
          writer.raw(try object.repr(nil).bytes)
          return
        }
        if let plain = try (object as? JSONRepresentable)?.jsonValue() {
          try encode(plain)
          return
        }
      }
      throw TemplateError(
        .type, "Object of type \(value.typeName.split(separator: ".").last ?? "") is not JSON serializable")
    }
  }

  private mutating func enter(_ container: AnyObject) throws {
    let id = ObjectIdentifier(container)
    try StackGuard.check()
    if open.contains(id) { throw TemplateError(.value, "Circular reference detected") }
    if open.count > 990 {
      throw TemplateError(.recursion, "maximum recursion depth exceeded while encoding a JSON object")
    }
    open.append(id)
  }

  private mutating func encode(items: [Value]) throws {
    writer.beginArray()
    for item in items { try encode(item) }
    writer.endArray()
    open.removeLast()
  }

  private mutating func encode(_ dict: DictObject) throws {
    writer.beginObject()
    var pairs = dict.pairs
    if options.sortKeys, pairs.count > 1 { pairs = try StableSort.order(pairs.map(\.key)).map { pairs[$0] } }
    for (key, value) in pairs {
      if case .string(let s) = key {
        writer.key(s)
      } else if let text = try name(key) {
        writer.key(text)
      } else if options.skipKeys {
        continue
      } else {
        throw TemplateError(.type, "keys must be str, int, float, bool or None, not \(key.typeName)")
      }
      try encode(value)
    }
    writer.endObject()
    open.removeLast()
  }

  /// A key that is not a string; nil when JSON has no form for it.
  private func name(_ key: Value) throws -> String? {
    switch key {
    case .none: return "null"
    case .bool(let b): return b ? "true" : "false"
    case .int(let i): return String(i)
    case .float(let d):
      var bytes: [UInt8] = []
      PythonFloat.append(d, to: &bytes, json: true)
      return String(decoding: bytes, as: UTF8.self)
    case .object(let o) where o.typeName == "int": return try o.repr(nil).string
    default: return nil
    }
  }
}

/// An object that JSON can hold although it is no plain value (a named tuple, a host's mapping).
public protocol JSONRepresentable: AnyObject {
  func jsonValue() throws -> Value?
}
