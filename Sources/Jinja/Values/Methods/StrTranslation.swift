/// `str.maketrans` and `str.translate`.
enum StrTranslation {
  static func table(_ a: Arguments) throws -> Value {
    try a.expect("str", .maketrans, 1...3)
    let out = DictObject()
    if a.positional.count == 1 {
      guard case .dict(let dict) = a.positional[0] else {
        throw TemplateError(.type, "if you give only one argument to maketrans it must be a dict")
      }
      for (key, value) in dict.pairs {
        if case .string(let text) = key {
          guard text.scalarCount == 1 else {
            throw TemplateError(.value, "string keys in translate table must be of length 1")
          }
          try out.set(.int(Int(text.scalars[0])), value)
        } else if key.asBigInt != nil {
          try out.set(key, value)
        } else {
          throw TemplateError(.type, "keys in translate table must be strings or integers")
        }
      }
      return .dict(out)
    }
    guard case .string(let from) = a.positional[0] else {
      throw TemplateError(.type, "first maketrans argument must be a string if there is a second argument")
    }
    let to = try a.positional[1].text(.maketrans, argument: 2)
    guard from.scalarCount == to.scalarCount else {
      throw TemplateError(.value, "the first two maketrans arguments must have equal length")
    }
    for (key, value) in zip(from.scalars, to.scalars) { try out.set(.int(Int(key)), .int(Int(value))) }
    if let dropped = a[2] {
      for scalar in try dropped.text(.maketrans, argument: 3).scalars { try out.set(.int(Int(scalar)), .none) }
    }
    return .dict(out)
  }

  static func translate(_ s: Str, _ a: Arguments, _ r: Interpreter) throws -> Str {
    try a.expect("str", .translate, 1...1)
    let table = a.positional[0]
    var out = StrBuilder(capacity: s.count + 16)
    for scalar in s.scalars {
      switch try lookup(table, Int(scalar), r) {
      case nil: out.append(scalar: scalar)
      case .some(.none): break
      case .string(let text): out.append(text)
      case .some(let value):
        guard value.asBigInt != nil else {
          throw TemplateError(.type, "character mapping must return integer, None or str")
        }
        guard let code = value.asInt, code >= 0, code < 0x110000 else {
          throw TemplateError(.value, "character mapping must be in range(0x110000)")
        }
        out.append(scalar: UInt32(code))
      }
    }
    return out.finish(markup: s.isMarkup)
  }

  /// What stands for a character; nil when the table says nothing about it.
  private static func lookup(_ table: Value, _ code: Int, _ r: Interpreter) throws -> Value? {
    switch table {
    case .dict(let d): return try d.get(.int(code))
    case .list(let l): return l.items.indices.contains(code) ? l.items[code] : nil
    case .tuple(let t): return t.items.indices.contains(code) ? t.items[code] : nil
    case .string(let s): return s.character(at: code).map { .string($0) }
    case .object(let o): if let found = try o.item(.int(code), r) { return found }
    default: break
    }
    throw TemplateError(.type, "'\(table.typeName)' object is not subscriptable")
  }
}
