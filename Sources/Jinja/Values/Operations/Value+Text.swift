extension Value {
  /// `str(x)`; Markup stays Markup.
  public func str(_ r: Interpreter?) throws -> Str {
    switch self {
    case .string(let s): return s
    case .undefined(let u): return try u.text()
    case .object(let o): return try o.str(r)
    case .none: return ConstantText.none
    case .bool(let b): return b ? ConstantText.true : ConstantText.false
    case .int(let i):
      if i >= 0, i < 10 { return Str.scalar(UInt32(48 + i)) }
      var builder = StrBuilder(capacity: 24)
      builder.append(i)
      return builder.finish()
    case .float, .list, .tuple, .dict: return try repr(r)
    }
  }

  /// `repr(x)`
  public func repr(_ r: Interpreter?) throws -> Str {
    var writer = ReprWriter(r)
    try writer.write(self)
    return writer.out.finish()
  }

  /// `str(x)` straight into the output.
  public func append(to out: OutputBuffer, _ r: Interpreter) throws {
    switch self {
    case .string(let s): out.append(s)
    case .int(let i): out.append(i)
    case .none: out.append("None" as StaticString)
    case .bool(let b): out.append((b ? "True" : "False") as StaticString)
    default: out.append(try str(r))
    }
  }
}

private enum ConstantText {
  nonisolated(unsafe) static let none = frozen("None")
  nonisolated(unsafe) static let `true` = frozen("True")
  nonisolated(unsafe) static let `false` = frozen("False")
  private static func frozen(_ text: String) -> Str {
    let str = Str.make(text)
    str.freeze()
    return str
  }
}

extension Undefined {
  /// `str()` of an undefined value by its kind.
  public func text() throws -> Str {
    switch kind {
    case .default, .chainable, .dbt: return Str.empty
    case .strict: throw error()
    case .debug:
      if let hint { return Str.make("{{ undefined value printed: \(hint) }}") }
      guard let owner else { return Str.make("{{ \(name ?? "None") }}") }
      let looked = try key?.repr(nil).string ?? Value.string(name ?? "").repr(nil).string
      return Str.make("{{ no such element: \(Undefined.describe(owner))[\(looked)] }}")
    }
  }
}
