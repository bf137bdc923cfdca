import Diagnostics

/// A compiled expression: a tree of final classes that evaluate themselves.
///
/// A node that has a faster way to be printed or to be tested than through its value overrides `emit` or `truth`.
class Code: @unchecked Sendable {
  let span: Span
  init(_ span: Span) { self.span = span }

  func eval(_ r: Interpreter) throws -> Value { .none }
  /// Writes `str()` of the value.
  func emit(_ r: Interpreter) throws { try r.emit(eval(r)) }
  /// The value's truth.
  func truth(_ r: Interpreter) throws -> Bool { try r.truth(eval(r)) }
  /// Where the value is stored, when it is a variable that is set. Valid until the next statement runs.
  func place(_ r: Interpreter) -> UnsafePointer<Value>? { nil }
  /// The value when it is known already.
  var constant: Value? { nil }

  /// An error with this expression's place, unless it has one.
  @inline(never) final func located(_ error: any Error, _ r: Interpreter) -> any Error { r.located(error, span) }
}

class ConstantCode: Code, @unchecked Sendable {
  final let value: Value
  init(_ value: Value, _ span: Span) {
    self.value = value
    value.freeze()
    super.init(span)
  }
  override var constant: Value? { value }
  override func eval(_ r: Interpreter) throws -> Value { value }
}

/// A variable of the running function.
final class LocalCode: Code, @unchecked Sendable {
  let slot: Int
  private let name: Str
  init(_ slot: Int, _ name: Str, _ span: Span) {
    self.slot = slot
    self.name = name
    super.init(span)
  }
  override func eval(_ r: Interpreter) throws -> Value {
    let value = r.slots[slot]
    return value.isMissing ? r.undefined(name: name.string) : value
  }
  override func place(_ r: Interpreter) -> UnsafePointer<Value>? { UnsafePointer(r.slots + slot) }
  override func emit(_ r: Interpreter) throws {
    let place = UnsafePointer(r.slots + slot)
    if Borrowed.tag(place) == Borrowed.stringTag {
      Borrowed.reference(place, Str.self)._withUnsafeGuaranteedRef { r.output.append($0) }
    } else {
      try r.emit(eval(r))
    }
  }
}

/// A variable of a function around the running one.
final class OuterCode: Code, @unchecked Sendable {
  fileprivate let hops: Int
  fileprivate let slot: Int
  private let name: Str
  init(hops: Int, _ slot: Int, _ name: Str, _ span: Span) {
    self.hops = hops
    self.slot = slot
    self.name = name
    super.init(span)
  }
  override func eval(_ r: Interpreter) throws -> Value {
    let value = r.outer(hops)[slot]
    return value.isMissing ? r.undefined(name: name.string) : value
  }
  override func place(_ r: Interpreter) -> UnsafePointer<Value>? { UnsafePointer(r.outer(hops) + slot) }
}

/// A name of the context.
final class ContextCode: Code, @unchecked Sendable {
  private let index: Int
  private let name: Str
  init(_ index: Int, _ name: Str, _ span: Span) {
    self.index = index
    self.name = name
    super.init(span)
  }
  override func eval(_ r: Interpreter) throws -> Value {
    let value = r.names[index]
    if case .float(let d) = value {
      if d.bitPattern == Value.unresolvedBits { r.resolve(index, name) }
      let found = r.names[index]
      return found.isMissing ? r.undefined(name: name.string) : found
    }
    return value
  }
  override func place(_ r: Interpreter) -> UnsafePointer<Value>? { UnsafePointer(r.names + index) }
}

final class ListCode: Code, @unchecked Sendable {
  private let items: [Code]
  init(_ items: [Code], _ span: Span) {
    self.items = items
    super.init(span)
  }
  override func eval(_ r: Interpreter) throws -> Value { .list(ListObject(try items.map { try $0.eval(r) })) }
}

final class TupleCode: Code, @unchecked Sendable {
  private let items: [Code]
  init(_ items: [Code], _ span: Span) {
    self.items = items
    super.init(span)
  }
  override func eval(_ r: Interpreter) throws -> Value { .tuple(TupleObject(try items.map { try $0.eval(r) })) }
}

final class DictCode: Code, @unchecked Sendable {
  private let pairs: [(key: Code, value: Code)]
  init(_ pairs: [(key: Code, value: Code)], _ span: Span) {
    self.pairs = pairs
    super.init(span)
  }
  override func eval(_ r: Interpreter) throws -> Value {
    let dict = DictObject(capacity: pairs.count)
    for pair in pairs {
      let key = try pair.key.eval(r)
      let value = try pair.value.eval(r)
      do { try dict.set(key, value) } catch { throw pair.key.located(error, r) }
    }
    return .dict(dict)
  }
}

// MARK: - Operators

final class BinaryCode: Code, @unchecked Sendable {
  private let op: BinaryOperator
  private let left: Code
  private let right: Code
  init(_ op: BinaryOperator, _ left: Code, _ right: Code, _ span: Span) {
    self.op = op
    self.left = left
    self.right = right
    super.init(span)
  }
  override func eval(_ r: Interpreter) throws -> Value {
    let a = try left.eval(r)
    let b = try right.eval(r)
    if case .int(let x) = a, case .int(let y) = b {
      switch op {
      case .add:
        let (sum, overflow) = x.addingReportingOverflow(y)
        if !overflow { return .int(sum) }
      case .subtract:
        let (difference, overflow) = x.subtractingReportingOverflow(y)
        if !overflow { return .int(difference) }
      case .multiply:
        let (product, overflow) = x.multipliedReportingOverflow(by: y)
        if !overflow { return .int(product) }
      default: break
      }
    }
    do { return try a.binary(op, b, r) } catch { throw located(error, r) }
  }
}

final class UnaryCode: Code, @unchecked Sendable {
  private let op: UnaryOperator
  private let operand: Code
  init(_ op: UnaryOperator, _ operand: Code, _ span: Span) {
    self.op = op
    self.operand = operand
    super.init(span)
  }
  override func eval(_ r: Interpreter) throws -> Value {
    let value = try operand.eval(r)
    do {
      if case .undefined(let undefined) = value { throw undefined.error() }
      return try value.unary(op)
    } catch { throw located(error, r) }
  }
}

/// `a ~ b ~ …`
final class ConcatCode: Code, @unchecked Sendable {
  private let parts: [Code]
  /// Parts that are not Markup are escaped, and the result is Markup.
  private let escapes: Bool
  init(_ parts: [Code], escapes: Bool, _ span: Span) {
    self.parts = parts
    self.escapes = escapes
    super.init(span)
  }
  override func eval(_ r: Interpreter) throws -> Value {
    let start = r.output.count
    do {
      if !escapes {
        for part in parts { try part.emit(r) }
        try SizeLimit.check(bytes: r.output.count - start, times: 1)
        return .string(r.output.cut(from: start))
      }
      // Only when some part is Markup does the rest get escaped: what else there is stays plain text.
      let values = try parts.map { try $0.eval(r) }
      let isMarkup = values.contains { if case .string(let s) = $0 { s.isMarkup } else { false } }
      for value in values {
        if isMarkup { try Escape.write(value, to: r.output, r) } else { try r.emit(value) }
      }
      return .string(r.output.cut(from: start, markup: isMarkup))
    } catch {
      r.output.truncate(to: start)
      throw located(error, r)
    }
  }
  override func emit(_ r: Interpreter) throws {
    if escapes { return try r.emit(eval(r)) }
    for part in parts { try part.emit(r) }
  }
}

final class NotCode: Code, @unchecked Sendable {
  private let operand: Code
  init(_ operand: Code, _ span: Span) {
    self.operand = operand
    super.init(span)
  }
  override func eval(_ r: Interpreter) throws -> Value { .bool(try !operand.truth(r)) }
  override func truth(_ r: Interpreter) throws -> Bool { try !operand.truth(r) }
}

final class AndCode: Code, @unchecked Sendable {
  private let left: Code
  private let right: Code
  init(_ left: Code, _ right: Code, _ span: Span) {
    self.left = left
    self.right = right
    super.init(span)
  }
  override func eval(_ r: Interpreter) throws -> Value {
    let value = try left.eval(r)
    do { if try !r.truth(value) { return value } } catch { throw left.located(error, r) }
    return try right.eval(r)
  }
  override func truth(_ r: Interpreter) throws -> Bool { try left.truth(r) && right.truth(r) }
}

final class OrCode: Code, @unchecked Sendable {
  private let left: Code
  private let right: Code
  init(_ left: Code, _ right: Code, _ span: Span) {
    self.left = left
    self.right = right
    super.init(span)
  }
  override func eval(_ r: Interpreter) throws -> Value {
    let value = try left.eval(r)
    do { if try r.truth(value) { return value } } catch { throw left.located(error, r) }
    return try right.eval(r)
  }
  override func truth(_ r: Interpreter) throws -> Bool { try left.truth(r) || right.truth(r) }
}

/// `a if test else b`
final class ConditionalCode: Code, @unchecked Sendable {
  private let test: Code
  private let then: Code
  private let otherwise: Code?
  init(_ test: Code, _ then: Code, _ otherwise: Code?, _ span: Span) {
    self.test = test
    self.then = then
    self.otherwise = otherwise
    super.init(span)
  }
  override func eval(_ r: Interpreter) throws -> Value {
    if try test.truth(r) { return try then.eval(r) }
    if let otherwise { return try otherwise.eval(r) }
    // Always of the default kind: a missing `else` prints nothing even where undefined names are errors.
    return .undefined(
      Undefined(
        kind: .default, name: nil,
        hint: "the inline if-expression on \(r.place(span)) evaluated to false and no else section was defined."))
  }
  override func emit(_ r: Interpreter) throws {
    if try test.truth(r) { return try then.emit(r) }
    if let otherwise { try otherwise.emit(r) }
  }
}

final class CompareCode: Code, @unchecked Sendable {
  private let op: CompareOperator
  private let left: Code
  private let right: Code
  init(_ op: CompareOperator, _ left: Code, _ right: Code, _ span: Span) {
    self.op = op
    self.left = left
    self.right = right
    super.init(span)
  }
  override func eval(_ r: Interpreter) throws -> Value { .bool(try truth(r)) }
  override func truth(_ r: Interpreter) throws -> Bool {
    let a = try left.eval(r)
    let b = try right.eval(r)
    do { return try r.compare(a, op, b) } catch { throw located(error, r) }
  }
}

/// `a < b < c`: each operand evaluated once, up to the first comparison that fails.
final class CompareChainCode: Code, @unchecked Sendable {
  private let first: Code
  private let rest: [(op: CompareOperator, operand: Code)]
  init(_ first: Code, _ rest: [(op: CompareOperator, operand: Code)], _ span: Span) {
    self.first = first
    self.rest = rest
    super.init(span)
  }
  override func eval(_ r: Interpreter) throws -> Value { .bool(try truth(r)) }
  override func truth(_ r: Interpreter) throws -> Bool {
    var left = try first.eval(r)
    for (op, operand) in rest {
      let right = try operand.eval(r)
      do { if try !r.compare(left, op, right) { return false } } catch { throw located(error, r) }
      left = right
    }
    return true
  }
}

extension Interpreter {
  func compare(_ a: Value, _ op: CompareOperator, _ b: Value) throws -> Bool {
    switch op {
    case .eq: return try a.equals(b)
    case .ne: return try !a.equals(b)
    case .lt:
      if case .int(let x) = a, case .int(let y) = b { return x < y }
      return try a.order(.less, b)
    case .lteq: return try a.order(.lessEqual, b)
    case .gt:
      if case .int(let x) = a, case .int(let y) = b { return x > y }
      return try a.order(.greater, b)
    case .gteq: return try a.order(.greaterEqual, b)
    case .in: return try b.contains(a, self)
    case .notIn: return try !b.contains(a, self)
    }
  }
}

extension OuterCode {
  /// The variable as it is, set or not.
  func raw(_ r: Interpreter) -> Value { r.outer(hops)[slot] }
}
