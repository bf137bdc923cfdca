/// What Markup has beyond the methods of strings.
enum MarkupMethods {
  static func call(_ s: Str, _ name: MethodName, _ a: Arguments, _ r: Interpreter) throws -> Value? {
    switch name {
    case .escape:
      try a.expect("Markup", name, 1...1)
      return .string(try Escape.escape(a.positional[0], r))
    case .striptags:
      try a.none("Markup", name)
      return .string(HTMLText.strippingTags(s))
    case .unescape:
      try a.none("Markup", name)
      return .string(HTMLEntities.decode(s.bytes))
    default: return nil
    }
  }
}
