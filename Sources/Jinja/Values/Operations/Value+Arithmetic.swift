extension Value {
  /// `self op other`.
  /// - Throws: Python's TypeError, ZeroDivisionError or OverflowError; an UndefinedError when either is undefined.
  public func binary(_ op: BinaryOperator, _ other: Value, _ r: Interpreter) throws -> Value {
    if case .int(let a) = self, case .int(let b) = other, let result = try Numbers.binary(op, a, b) { return result }
    return try binarySlowly(op, other, r)
  }

  private func binarySlowly(_ op: BinaryOperator, _ other: Value, _ r: Interpreter) throws -> Value {
    if case .string(let text) = self {
      switch (op, other) {
      case (.add, .string(let b)): return .string(try Str.concatenate(text, b, r))
      case (.modulo, _): return .string(try PercentFormat.format(text, other, r))
      default: break
      }
    }
    if case .undefined(let u) = self { throw u.error() }
    if case .undefined(let u) = other { throw u.error() }
    if let result = try Numbers.binary(op, self, other) { return result }
    switch op {
    case .add:
      switch (self, other) {
      case (.list(let a), .list(let b)):
        try SizeLimit.check(items: a.items.count + b.items.count, times: 1)
        return .list(a.items + b.items)
      case (.tuple(let a), .tuple(let b)):
        try SizeLimit.check(items: a.items.count + b.items.count, times: 1)
        return .tuple(a.items + b.items)
      default: break
      }
    case .multiply:
      if let result = try repeated(other) { return result }
      if let result = try other.repeated(self) { return result }
    case .or:
      if case .dict(let a) = self, case .dict(let b) = other {
        let merged = a.copy()
        for entry in b.entries where entry.live { try merged.set(entry.key, entry.value) }
        return .dict(merged)
      }
    default: break
    }
    if let result = try SetOrder.binary(op, self, other) { return result }
    if case .object(let a) = self, let result = try a.binary(op, other, reflected: false) { return result }
    if case .object(let b) = other, let result = try b.binary(op, self, reflected: true) { return result }
    throw unsupported(op, other)
  }

  private func unsupported(_ op: BinaryOperator, _ other: Value) -> TemplateError {
    if case .string(let s) = other, s.isMarkup, op == .multiply, !isMarkup {
      return TemplateError(.type, "'\(typeName)' object cannot be interpreted as an integer")
    }
    if isMarkup, op == .multiply {
      return TemplateError(.type, "'\(other.typeName)' object cannot be interpreted as an integer")
    }
    switch (op, self) {
    case (.add, .string(let s)) where s.isMarkup:
      return TemplateError(.type, "unsupported operand type(s) for +: 'Markup' and '\(other.typeName)'")
    case (.add, .string), (.add, .list), (.add, .tuple):
      return TemplateError(
        .type, "can only concatenate \(plainTypeName) (not \"\(other.typeName)\") to \(plainTypeName)")
    case (.multiply, _) where isSequence:
      return TemplateError(.type, "can't multiply sequence by non-int of type '\(other.typeName)'")
    case (.multiply, _) where other.isSequence:
      return TemplateError(.type, "can't multiply sequence by non-int of type '\(typeName)'")
    default:
      return TemplateError(
        .type, "unsupported operand type(s) for \(op.symbol): '\(typeName)' and '\(other.typeName)'")
    }
  }

  private var isMarkup: Bool { if case .string(let s) = self { s.isMarkup } else { false } }

  private var plainTypeName: String { if case .string = self { "str" } else { typeName } }

  private var isSequence: Bool {
    switch self {
    case .string, .list, .tuple: true
    default: false
    }
  }

  /// A sequence times an int; nil when this is no sequence or the other no int.
  private func repeated(_ times: Value) throws -> Value? {
    guard isSequence else { return nil }
    let count: Int
    if let small = times.asInt {
      count = max(0, small)
    } else if let big = times.asBigInt {
      if big.sign == .plus {
        throw TemplateError(.overflow, "cannot fit 'int' into an index-sized integer")
      }
      count = 0
    } else {
      return nil
    }
    switch self {
    case .string(let s):
      try SizeLimit.check(bytes: s.count, times: count)
      return .string(s.repeated(count))
    case .list(let l):
      try SizeLimit.check(items: l.items.count, times: count)
      return .list(Value.repeated(l.items, count))
    case .tuple(let t):
      try SizeLimit.check(items: t.items.count, times: count)
      return .tuple(Value.repeated(t.items, count))
    default: return nil
    }
  }

  private static func repeated(_ items: [Value], _ times: Int) -> [Value] {
    if times == 1 { return items }
    var out: [Value] = []
    out.reserveCapacity(items.count * times)
    for _ in 0..<(items.isEmpty ? 0 : times) { out.append(contentsOf: items) }
    return out
  }

  /// `-x`, `+x`, `abs(x)`.
  public func unary(_ op: UnaryOperator) throws -> Value {
    switch self {
    case .int(let i):
      switch op {
      case .plus: return self
      case .negate: return i == Int.min ? BigInteger.make(-.init(i)) : .int(-i)
      case .absolute: return i == Int.min ? BigInteger.make(-.init(i)) : .int(abs(i))
      }
    case .float(let d):
      switch op {
      case .plus: return self
      case .negate: return .float(-d)
      case .absolute: return .float(d.magnitude)
      }
    case .bool(let b): return .int(op == .negate && b ? -1 : b ? 1 : 0)
    case .undefined(let u): throw u.error()
    case .object(let o):
      if let result = try o.unary(op) { return result }
    default: break
    }
    switch op {
    case .negate: throw TemplateError(.type, "bad operand type for unary -: '\(typeName)'")
    case .plus: throw TemplateError(.type, "bad operand type for unary +: '\(typeName)'")
    case .absolute: throw TemplateError(.type, "bad operand type for abs(): '\(typeName)'")
    }
  }
}

/// What one operation may allocate: a template can't exhaust memory with one multiplication.
enum SizeLimit {
  static let maxBytes = 1 << 28
  static let maxItems = 1 << 25

  static func check(bytes: Int, times: Int) throws {
    let (total, overflow) = bytes.multipliedReportingOverflow(by: times)
    if overflow || total > maxBytes {
      throw TemplateError(.limit, "the result would be a string of more than \(maxBytes) bytes")
    }
  }
  static func check(items: Int, times: Int) throws {
    let (total, overflow) = items.multipliedReportingOverflow(by: times)
    if overflow || total > maxItems {
      throw TemplateError(.limit, "the result would be a sequence of more than \(maxItems) items")
    }
  }
}

extension Str {
  /// `a + b`; when one is Markup the other is escaped and the result is Markup.
  static func concatenate(_ a: Str, _ b: Str, _ r: Interpreter) throws -> Str {
    try SizeLimit.check(bytes: a.count + b.count, times: 1)
    if a.isMarkup || b.isMarkup {
      let left = a.isMarkup ? a : Escape.html(a)
      let right = b.isMarkup ? b : Escape.html(b)
      return joined(left, right, markup: true)
    }
    if a.isEmpty { return b }
    if b.isEmpty { return a }
    return joined(a, b, markup: false)
  }

  static func joined(_ a: Str, _ b: Str, markup: Bool) -> Str {
    Str.make(capacity: a.count + b.count, markup: markup) { target in
      guard let base = target.baseAddress else { return 0 }
      a.withUTF8 { if let p = $0.baseAddress { base.update(from: p, count: $0.count) } }
      b.withUTF8 { if let p = $0.baseAddress { (base + a.count).update(from: p, count: $0.count) } }
      return a.count + b.count
    }
  }

  func repeated(_ times: Int) -> Str {
    if times == 1 { return self }
    if times <= 0 || isEmpty { return isMarkup ? Str.make([], markup: true) : Str.empty }
    return Str.make(capacity: count * times, markup: isMarkup) { target in
      guard let base = target.baseAddress else { return 0 }
      withUTF8 { bytes in
        guard let source = bytes.baseAddress else { return }
        if bytes.count == 1 {
          base.update(repeating: bytes[0], count: times)
        } else {
          for i in 0..<times { (base + i * bytes.count).update(from: source, count: bytes.count) }
        }
      }
      return count * times
    }
  }
}
