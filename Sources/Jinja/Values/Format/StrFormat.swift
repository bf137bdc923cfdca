/// `template.format(…)` and `template.format_map(…)` as Jinja's sandbox has them: Python's `string.Formatter`, with
/// attributes and items looked up by the environment's rules.
/// Source: https://docs.python.org/3/library/string.html#format-string-syntax
struct StrFormat {
  private let arguments: [Value]
  private let keyword: (Str) throws -> Value?
  private let markup: Bool
  private let r: Interpreter
  /// The next automatic number; nil after an explicit one.
  private var automatic: Int? = 0

  static func call(_ template: Str, _ name: MethodName, _ a: Arguments, _ r: Interpreter) throws -> Str {
    if name == .format_map {
      guard a.keywords.isEmpty, a.positional.count == 1 else {
        throw TemplateError(
          .type, "format_map() takes exactly one argument (\(a.positional.count + a.keywords.count) given)")
      }
      let mapping = a.positional[0]
      return try format(template, [], { try lookup(mapping, $0, r) }, r)
    }
    return try format(template, a.positional, { a.keyword($0) }, r)
  }

  static func format(
    _ template: Str, _ arguments: [Value], _ keyword: @escaping (Str) throws -> Value?, _ r: Interpreter
  ) throws -> Str {
    var formatter = StrFormat(arguments: arguments, keyword: keyword, markup: template.isMarkup, r: r)
    return try formatter.expand(template, depth: 2).marked(template.isMarkup)
  }

  private init(arguments: [Value], keyword: @escaping (Str) throws -> Value?, markup: Bool, r: Interpreter) {
    self.arguments = arguments
    self.keyword = keyword
    self.markup = markup
    self.r = r
  }

  private static func lookup(_ mapping: Value, _ key: Str, _ r: Interpreter) throws -> Value? {
    switch mapping {
    case .dict(let d): return d[key]
    case .undefined(let u): throw u.error()
    case .object(let o): return try o.item(.string(key), r)
    case .string: throw TemplateError(.type, "string indices must be integers, not 'str'")
    case .list, .tuple:
      throw TemplateError(.type, "\(mapping.typeName) indices must be integers or slices, not str")
    default: throw TemplateError(.type, "'\(mapping.typeName)' object is not subscriptable")
    }
  }

  /// Replaces the fields of a template, or of a specification within one (`depth` counts down).
  private mutating func expand(_ template: Str, depth: Int) throws -> Str {
    if depth < 0 { throw TemplateError(.value, "Max string recursion exceeded") }
    var parser = FormatParser(template)
    var out = StrBuilder(capacity: template.count + 32)
    while let part = try parser.next() {
      out.append(part.literal)
      guard let field = part.field else { continue }
      let value = try resolve(field.name)
      let converted = try convert(value, field.conversion)
      let spec = try expand(field.spec, depth: depth - 1)
      out.append(try formatted(converted, spec))
    }
    return out.finish()
  }

  private func formatted(_ value: Value, _ spec: Str) throws -> Str {
    guard markup else { return try value.format(spec, r) }
    if case .string(let s) = value, s.isMarkup {
      if !spec.isEmpty { throw TemplateError(.value, "Unsupported format specification for Markup.") }
      return s
    }
    return Escape.html(try value.format(spec, r))
  }

  private func convert(_ value: Value, _ conversion: UInt32?) throws -> Value {
    switch conversion {
    case nil: return value
    case 0x73: return .string(try value.str(r).marked(false))
    case 0x72: return .string(try value.repr(r))
    case 0x61: return .string(try AsciiRepr.of(value, r))
    case .some(let other):
      throw TemplateError(.value, "Unknown conversion specifier \(Str.scalar(other).string)")
    }
  }

  /// The value a field's name stands for: `0.name[key]`.
  private mutating func resolve(_ written: Str) throws -> Value {
    var name = written
    if written.isEmpty {
      guard let number = automatic else { throw StrFormat.mixed }
      automatic = number + 1
      name = Str.make(String(number))
    } else if StrPredicates.holds(.isdigit, written) {
      if automatic ?? 0 > 0 { throw StrFormat.mixed }
      automatic = nil
    }
    var path = FieldPath(name)
    var value: Value
    switch try path.first() {
    case .index(let index):
      guard index < arguments.count else { throw TemplateError(.index, "tuple index out of range") }
      value = arguments[index]
    case .name(let key):
      guard let found = try keyword(key) else {
        throw TemplateError(.key, try Value.string(key).repr(r).string)
      }
      value = found
    }
    while let step = try path.next() {
      switch step {
      case .attribute(let name): value = try r.getAttribute(value, name)
      case .item(.index(let index)): value = try r.getItem(value, .int(index))
      case .item(.name(let key)): value = try r.getItem(value, .string(key))
      }
    }
    return value
  }

  private static var mixed: TemplateError {
    TemplateError(.value, "cannot switch from manual field specification to automatic field numbering")
  }
}
