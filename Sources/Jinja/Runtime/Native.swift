/// Rendering to values instead of text, with dbt's rules for YAML strings.
enum Native {
  /// A string marked by `as_native`, `as_bool` or `as_number` to be read as a Python literal.
  final class Marked: Object {
    enum Kind { case text, native, bool, number }
    let kind: Kind
    let text: Str
    init(_ kind: Kind, _ text: Str) {
      self.kind = kind
      self.text = text
    }
    override var typeName: String { "str" }
    override var isTrue: Bool { !text.isEmpty }
    override func str(_ interpreter: Interpreter?) throws -> Str { text }
    override func repr(_ interpreter: Interpreter?) throws -> Str { try Value.string(text).repr(interpreter) }
    override func isEqual(to other: Value) -> Bool { Value.string(text).isEqual(to: other) }
    override func hashCode() throws -> Int { text.hashCode }
    // A marker is a string in all else: `x in [a] | as_bool` looks for x in the text of the list.
    override var length: Int? { text.scalarCount }
    override func contains(_ member: Value, _ interpreter: Interpreter) throws -> Bool? {
      try Value.string(text).contains(member, interpreter)
    }
    override func iterate(_ interpreter: Interpreter) throws -> ValueIterator? {
      try Value.string(text).iterate(interpreter)
    }
    override func item(_ key: Value, _ interpreter: Interpreter) throws -> Value? {
      try interpreter.getItem(.string(text), key)
    }
    override func callMethod(_ name: Str, _ arguments: Arguments, _ interpreter: Interpreter) throws -> Value? {
      try interpreter.callMethod(.string(text), name, arguments)
    }
  }

  static func concat(_ parts: [Value], _ r: Interpreter) throws -> Value {
    guard let first = parts.first else { return .string(Str.empty) }
    if parts.count > 1 {
      let start = r.output.count
      for part in parts { try r.emit(part) }
      return .string(r.output.cut(from: start))
    }
    guard case .object(let object) = first, let marked = object as? Marked else { return first }
    if marked.kind == .text { return .string(marked.text) }
    let value = PythonLiteral.evaluate(marked.text) ?? .string(marked.text)
    switch (marked.kind, value) {
    case (.bool, .bool), (.number, .int), (.number, .float), (.native, _): return value
    case (.number, .object(let object)) where object is BigInteger: return value
    case (.bool, _): throw TemplateError(.runtime, "Could not convert value '\(marked.text.string)' into type 'bool'")
    default: throw TemplateError(.runtime, "Could not convert value '\(marked.text.string)' into type 'number'")
    }
  }
}

extension Environment {
  /// Adds dbt's filters `as_text`, `as_bool`, `as_number`, `as_native`: markers where values are rendered
  /// (`compileNative`), nothing at all where text is.
  public func addNativeFilters(native: Bool) {
    func add(_ name: String, _ kind: Native.Marked.Kind) {
      filters[name] = { r, value, _ in
        native ? .object(Native.Marked(kind, try value.str(r))) : value
      }
    }
    add("as_text", .text)
    add("as_bool", .bool)
    add("as_number", .number)
    add("as_native", .native)
    filters["is_list"] = { _, value, _ in
      if case .list = value { return .bool(true) }
      return .bool(false)
    }
  }
}
