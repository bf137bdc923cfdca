/// Every test of Jinja2 3.1 (https://jinja.palletsprojects.com/en/stable/templates/#list-of-builtin-tests).
public enum BuiltinTests {
  public static let all: [BuiltinTest] = (kindTests + numberTests + comparisonTests).sorted { $0.name < $1.name }
}

extension BuiltinTests {
  private static func kind(_ name: String, _ summary: String, _ holds: @escaping (Value) -> Bool) -> BuiltinTest {
    let signature = Signature("value")
    return BuiltinTest(
      name: name, signature: "value", summary: summary,
      body: { _, value, a in
        if !a.isEmpty { _ = try signature.bind(a, function: "test_\(name)", given: 1) }
        return holds(value)
      })
  }

  /// What a value is.
  static let kindTests: [BuiltinTest] = [
    kind("defined", "It is not undefined.") { !$0.isUndefined },
    kind("undefined", "It is undefined.") { $0.isUndefined },
    kind("none", "It is none.") { $0.isNone },
    kind("boolean", "It is true or false.") { if case .bool = $0 { true } else { false } },
    kind("true", "It is true.") { if case .bool(true) = $0 { true } else { false } },
    kind("false", "It is false.") { if case .bool(false) = $0 { true } else { false } },
    kind("integer", "It is an integer (and no boolean).") { value in
      switch value {
      case .int: true
      case .object(let o): o.typeName == "int"
      default: false
      }
    },
    kind("float", "It is a float.") { if case .float = $0 { true } else { false } },
    kind("number", "It is a number: integer, float, boolean or Decimal.") { value in
      switch value {
      case .int, .float, .bool: true
      case .object(let o): o.typeName == "int" || o.typeName == "decimal.Decimal" || o.typeName == "Decimal"
      default: false
      }
    },
    kind("string", "It is text.") { if case .string = $0 { true } else { false } },
    kind("mapping", "It is a dict or the like.") { $0.isMapping },
    kind("escaped", "It is Markup.") { $0.asStr?.isMarkup ?? false },
    kind("callable", "It can be called.") { value in
      switch value {
      // Every kind of undefined has a call, which fails.
      case .undefined: true
      case .object(let o): o.isCallable
      default: false
      }
    },
    BuiltinTest("sequence", "value", "It has a length and items.") { r, value, _ in
      switch value {
      case .string, .list, .tuple, .dict: return true
      case .undefined(let u): return u.kind != .strict
      case .object(let o):
        switch o.typeName {
        case "set", "frozenset", "dict_keys", "dict_values", "dict_items": return false
        default: return o.length != nil
        }
      default: return false
      }
    },
    BuiltinTest("iterable", "value", "It can be looped over.") { r, value, _ in
      switch value {
      case .string, .list, .tuple, .dict: return true
      case .none, .int, .float, .bool: return false
      default:
        do {
          _ = try value.iterate(r)
          return true
        } catch let error as TemplateError where error.kind == .type {
          return false
        }
      }
    },
    BuiltinTest("filter", "value", "It is the name of a filter.") { r, value, _ in
      if let name = value.asString { return r.environment.filters[name] != nil }
      _ = try value.hashCode()
      return false
    },
    BuiltinTest("test", "value", "It is the name of a test.") { r, value, _ in
      if let name = value.asString { return r.environment.tests[name] != nil }
      _ = try value.hashCode()
      return false
    },
    BuiltinTest("lower", "value", "Text without capitals.") { r, value, _ in
      try r.truth(Methods.call(.string(value.plainStr(r)), Names.islower, .none, r) ?? .none)
    },
    BuiltinTest("upper", "value", "Text in capitals.") { r, value, _ in
      try r.truth(Methods.call(.string(value.plainStr(r)), Names.isupper, .none, r) ?? .none)
    },
  ]

  private static func remainder(_ r: Interpreter, _ value: Value, _ divisor: Value, _ wanted: Int) throws -> Bool {
    if case .int(let i) = value, case .int(let d) = divisor, d > 0 {
      let rest = i % d
      return (rest < 0 ? rest + d : rest) == wanted
    }
    return try value.binary(.modulo, divisor, r).isEqual(to: .int(wanted))
  }

  static let numberTests: [BuiltinTest] = [
    BuiltinTest("odd", "value", "An odd number.") { r, value, _ in try remainder(r, value, .int(2), 1) },
    BuiltinTest("even", "value", "An even number.") { r, value, _ in try remainder(r, value, .int(2), 0) },
    BuiltinTest(
      "divisibleby", "value, num", "Divisible by `num`.",
      bound: { r, value, a in
        try remainder(r, value, a[0] ?? .none, 0)
      }),
  ]

  private static func comparison(
    _ names: [String], _ summary: String, _ holds: @escaping (Interpreter, Value, Value) throws -> Bool
  ) -> [BuiltinTest] {
    names.map { name in
      BuiltinTest(
        name: name, signature: "a, b, /", summary: summary,
        body: { r, value, a in
          guard a.positional.count == 1, a.keywords.isEmpty else {
            throw TemplateError(
              .type,
              a.keywords.isEmpty
                ? "\(names[0]) expected 2 arguments, got \(a.positional.count + 1)"
                : "\(names[0])() takes no keyword arguments")
          }
          return try holds(r, value, a.positional[0])
        })
    }
  }

  static let comparisonTests: [BuiltinTest] =
    comparison(["eq", "equalto", "=="], "Equal.") { _, a, b in try a.equals(b) }
    + comparison(["ne", "!="], "Not equal.") { _, a, b in try !a.equals(b) }
    + comparison(["lt", "lessthan", "<"], "Less.") { _, a, b in try a.order(.less, b) }
    + comparison(["le", "<="], "Less or equal.") { _, a, b in try a.order(.lessEqual, b) }
    + comparison(["gt", "greaterthan", ">"], "Greater.") { _, a, b in try a.order(.greater, b) }
    + comparison(["ge", ">="], "Greater or equal.") { _, a, b in try a.order(.greaterEqual, b) }
    + [
      BuiltinTest(
        "in", "value, seq", "Contained in `seq`.",
        bound: { r, value, a in
          try (a[0] ?? .none).contains(value, r)
        }),
      BuiltinTest(
        "sameas", "value, other", "The very same object.",
        bound: { _, value, a in
          isSame(value, a[0] ?? .none)
        }),
    ]

  /// Python's `is`, as far as values that are not references have an identity: equal values of one type.
  static func isSame(_ a: Value, _ b: Value) -> Bool {
    switch (a, b) {
    case (.none, .none): true
    case (.bool(let x), .bool(let y)): x == y
    case (.int(let x), .int(let y)): x == y
    case (.float(let x), .float(let y)): x.bitPattern == y.bitPattern
    case (.string(let x), .string(let y)): x === y || x == y && x.isMarkup == y.isMarkup
    case (.list(let x), .list(let y)): x === y
    case (.tuple(let x), .tuple(let y)): x === y || x.items.isEmpty && y.items.isEmpty
    case (.dict(let x), .dict(let y)): x === y
    case (.object(let x), .object(let y)): x === y
    case (.undefined(let x), .undefined(let y)): x === y
    default: false
    }
  }
}
