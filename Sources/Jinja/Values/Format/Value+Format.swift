extension Value {
  /// Python's `format(value, spec)`.
  /// - Throws: the ValueError or TypeError of a specification the type does not understand.
  public func format(_ spec: Str, _ r: Interpreter) throws -> Str {
    if spec.isEmpty { return try str(r).marked(false) }
    switch self {
    case .string(let s): return try formatText(s, spec)
    case .int(let i):
      return try NumberFormat.format(.init(i), small: i, FormatSpec(spec, typeName: "int"), typeName: "int")
    case .bool(let b):
      return try NumberFormat.format(
        b ? 1 : 0, small: b ? 1 : 0, FormatSpec(spec, typeName: "bool"), typeName: "bool")
    case .float(let d): return try NumberFormat.format(d, FormatSpec(spec, typeName: "float"), typeName: "float")
    case .object(let o):
      if let big = o as? BigInteger {
        return try NumberFormat.format(big.value, small: nil, FormatSpec(spec, typeName: "int"), typeName: "int")
      }
      if let text = try o.format(spec, r) { return text }
    default: break
    }
    throw TemplateError(.type, "unsupported format string passed to \(typeName).__format__")
  }

  private func formatText(_ text: Str, _ spec: Str) throws -> Str {
    let parsed = try FormatSpec(spec, typeName: "str")
    if parsed.type != 0, parsed.type != 0x73 { throw parsed.unknownCode("str") }
    if parsed.sign == 0x20 { throw TemplateError(.value, "Space not allowed in string format specifier") }
    if parsed.sign != 0 { throw TemplateError(.value, "Sign not allowed in string format specifier") }
    if parsed.coerceNegativeZero {
      throw TemplateError(.value, "Negative zero coercion (z) not allowed in string format specifier")
    }
    if parsed.alternate {
      throw TemplateError(.value, "Alternate form (#) not allowed in string format specifier")
    }
    if parsed.align == .after, parsed.alignGiven {
      throw TemplateError(.value, "'=' alignment not allowed in string format specifier")
    }
    var shown = text
    if let precision = parsed.precision, precision < text.scalarCount { shown = text.slice(from: 0, to: precision) }
    var layout = parsed
    if parsed.align == .after { layout.align = .left }
    return try layout.pad(shown, default: .left)
  }
}
