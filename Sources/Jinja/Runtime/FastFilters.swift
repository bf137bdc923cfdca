/// The filters of an environment by name. It knows which are still the built-in ones.
public struct FilterTable {
  private var bodies: [String: FilterBody] = [:]
  private var replaced: Set<String> = []

  init(builtin: [BuiltinFilter]) {
    for filter in builtin { bodies[filter.name] = filter.body }
  }

  public subscript(_ name: String) -> FilterBody? {
    get { bodies[name] }
    set {
      bodies[name] = newValue
      replaced.insert(name)
    }
  }

  public var keys: [String] { Array(bodies.keys) }

  func isBuiltin(_ name: String) -> Bool { !replaced.contains(name) }
}

/// Frequent filters on plain text, done without arrays of arguments. Everything else is the filter's own business.
final class FastFilterCode: Code, @unchecked Sendable {
  enum Operation {
    case lower, upper, capitalize, trim, string, length
    /// `replace` with two arguments, `default` with one.
    case replace, defaultValue
  }

  private let operation: Operation
  private let operand: Code
  private let arguments: ArgumentsCode
  private let otherwise: FilterBody

  /// nil when this is not such a filter.
  static func make(
    _ name: Str, _ operand: Code, _ arguments: ArgumentsCode, otherwise: @escaping FilterBody, _ span: Span
  ) -> Code? {
    guard arguments.isFixed, arguments.keywordCount == 0 else { return nil }
    let operation: Operation
    switch (name.string, arguments.positionalCount) {
    case ("lower", 0): operation = .lower
    case ("upper", 0): operation = .upper
    case ("capitalize", 0): operation = .capitalize
    case ("trim", 0): operation = .trim
    case ("string", 0): operation = .string
    case ("length", 0), ("count", 0): operation = .length
    case ("replace", 2): operation = .replace
    case ("default", 1), ("d", 1): operation = .defaultValue
    default: return nil
    }
    return FastFilterCode(operation, operand, arguments, otherwise, span)
  }

  private init(
    _ operation: Operation, _ operand: Code, _ arguments: ArgumentsCode, _ otherwise: @escaping FilterBody, _ span: Span
  ) {
    self.operation = operation
    self.operand = operand
    self.arguments = arguments
    self.otherwise = otherwise
    super.init(span)
  }

  override func eval(_ r: Interpreter) throws -> Value {
    let value = try operand.eval(r)
    switch operation {
    case .replace:
      let old = try arguments.value(0, r)
      let new = try arguments.value(1, r)
      if !r.autoescape, case .string(let s) = value, case .string(let a) = old, case .string(let b) = new,
        !s.isMarkup, !a.isMarkup, !b.isMarkup, !a.isEmpty, s.count &* b.count < 1 << 24
      {
        return .string(StrMethods.replaced(s, a, b, limit: .max))
      }
      return try general(value, [old, new], r)
    case .defaultValue:
      let fallback = try arguments.value(0, r)
      if case .undefined = value { return fallback }
      return value
    default: break
    }
    if case .string(let s) = value, !s.isMarkup {
      switch operation {
      case .lower: return .string(CaseMapping.lower(s))
      case .upper: return .string(CaseMapping.upper(s))
      case .capitalize: return .string(CaseMapping.capitalize(s))
      case .trim: return .string(StrTrim.spaces(s, left: true, right: true))
      case .string: return value
      case .length: return .int(s.scalarCount)
      default: break
      }
    }
    if operation == .length, case .list(let list) = value { return .int(list.items.count) }
    return try general(value, [], r)
  }

  private func general(_ value: Value, _ arguments: [Value], _ r: Interpreter) throws -> Value {
    do { return try otherwise(r, value, Arguments(arguments)) } catch { throw located(error, r) }
  }
}
