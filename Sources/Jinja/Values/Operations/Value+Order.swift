import BigInt

/// The order comparisons of Python.
public enum OrderOperator: UInt8, Sendable {
  case less, lessEqual, greater, greaterEqual
  public var symbol: String {
    switch self {
    case .less: "<"
    case .lessEqual: "<="
    case .greater: ">"
    case .greaterEqual: ">="
    }
  }
  @inline(__always) func holds(_ order: Int) -> Bool {
    switch self {
    case .less: order < 0
    case .lessEqual: order <= 0
    case .greater: order > 0
    case .greaterEqual: order >= 0
    }
  }
  var swapped: OrderOperator {
    switch self {
    case .less: .greater
    case .lessEqual: .greaterEqual
    case .greater: .less
    case .greaterEqual: .lessEqual
    }
  }
}

extension Value {
  /// `self op other` as Python evaluates it: nan is unordered, sets are ordered by inclusion.
  public func order(_ op: OrderOperator, _ other: Value) throws -> Bool {
    switch (self, other) {
    case (.int(let a), .int(let b)): return op.holds(a < b ? -1 : a == b ? 0 : 1)
    case (.string(let a), .string(let b)): return op.holds(Str.compare(a, b))
    case (.float(let a), .float(let b)):
      switch op {
      case .less: return a < b
      case .lessEqual: return a <= b
      case .greater: return a > b
      case .greaterEqual: return a >= b
      }
    case (.list(let a), .list(let b)): return try Value.order(op, a.items, b.items)
    case (.tuple(let a), .tuple(let b)): return try Value.order(op, a.items, b.items)
    case (.undefined(let u), _), (_, .undefined(let u)): throw u.error()
    default: break
    }
    if isNumber, other.isNumber {
      guard let order = Numbers.compare(self, other) else { return false }
      return op.holds(order)
    }
    if let sets = try SetOrder.holds(op, self, other) { return sets }
    if case .object(let a) = self, let order = a.compare(to: other) { return op.holds(order) }
    if case .object(let b) = other, let order = b.compare(to: self) { return op.holds(-order) }
    throw TemplateError(
      .type, "'\(op.symbol)' not supported between instances of '\(typeName)' and '\(other.typeName)'")
  }

  private static func order(_ op: OrderOperator, _ a: [Value], _ b: [Value]) throws -> Bool {
    try StackGuard.check()
    for i in 0..<min(a.count, b.count) where !a[i].isEqual(to: b[i]) { return try a[i].order(op, b[i]) }
    return op.holds(a.count < b.count ? -1 : a.count == b.count ? 0 : 1)
  }

  /// Negative, zero or positive; the TypeError of `<` when the two have no order. What is unordered (nan) gives 0.
  public func compare(to other: Value) throws -> Int {
    switch (self, other) {
    case (.int(let a), .int(let b)): return a < b ? -1 : a == b ? 0 : 1
    case (.string(let a), .string(let b)): return Str.compare(a, b)
    default:
      if try order(.less, other) { return -1 }
      return try other.order(.less, self) ? 1 : 0
    }
  }

  /// int (of any size), bool or float.
  @inline(__always) var isNumber: Bool {
    switch self {
    case .int, .float, .bool: true
    case .object(let o): o is BigInteger
    default: false
    }
  }
}
