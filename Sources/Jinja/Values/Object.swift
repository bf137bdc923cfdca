/// A value that is neither one of the plain kinds nor undefined. Subclasses say what they can do; what they don't
/// override fails as it would in Python.
///
/// Objects of the built-in types and of the host derive from this one class, so that the interpreter dispatches
/// through one virtual table and never through an existential.
open class Object {
  public init() {}

  /// Python's `type(x).__name__`, used in error messages.
  open var typeName: String { "object" }
  /// The type's name with its module where Python would show it (`datetime.datetime`), for "has no attribute" messages.
  open var qualifiedTypeName: String { typeName }

  /// `x.name`; nil when there is no such attribute (then `x['name']` is tried, as Jinja does).
  open func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? { nil }
  /// `x[key]`; nil when there is no such item.
  open func item(_ key: Value, _ interpreter: Interpreter) throws -> Value? { nil }
  /// `x.name(…)` without making a bound method; nil when there is no such attribute.
  open func callMethod(_ name: Str, _ arguments: Arguments, _ interpreter: Interpreter) throws -> Value? {
    guard let callee = try attribute(name, interpreter) else { return nil }
    return try interpreter.call(callee, arguments)
  }
  open var isCallable: Bool { false }
  /// This is a `MacroObject`: asked before every call, so not by a cast.
  var isMacro: Bool { false }
  /// This is a `HostMacro`.
  var isHostMacro: Bool { false }
  /// This is a `BlockObject`.
  var isBlock: Bool { false }
  open func call(_ arguments: Arguments, _ interpreter: Interpreter) throws -> Value {
    throw TemplateError(.type, "'\(typeName)' object is not callable")
  }
  /// `x.name = value` (namespaces only, as in Jinja).
  open func setAttribute(_ name: Str, _ value: Value) throws {
    throw TemplateError(.runtime, "cannot assign attribute on non-namespace object")
  }

  /// A `collections.abc.Mapping`: has keys, items and values as a dict.
  open var isMapping: Bool { false }
  open var isTrue: Bool { true }
  /// `len(x)`; nil when it has none.
  open var length: Int? { nil }
  /// What a loop sees; nil when it can't be iterated.
  open func iterate(_ interpreter: Interpreter) throws -> ValueIterator? { nil }
  open func contains(_ member: Value, _ interpreter: Interpreter) throws -> Bool? { nil }

  /// `str(x)`
  open func str(_ interpreter: Interpreter?) throws -> Str { try repr(interpreter) }
  /// `repr(x)`
  open func repr(_ interpreter: Interpreter?) throws -> Str { Str.make("<\(typeName) object>") }

  /// `repr(x)` within the `repr` of what contains it.
  open func writeRepr(to writer: inout ReprWriter) throws { writer.out.append(try repr(writer.interpreter)) }
  /// `x[start:stop:step]`; nil when it can't be sliced.
  open func slice(_ start: Value, _ stop: Value, _ step: Value) throws -> Value? { nil }

  open func isEqual(to other: Value) -> Bool {
    if case .object(let o) = other { return o === self }
    return false
  }
  /// Python's `hash`; throws a TypeError for what is not hashable.
  open func hashCode() throws -> Int { ObjectIdentifier(self).hashValue }
  /// Negative, zero or positive; nil when the two can't be ordered (a TypeError).
  open func compare(to other: Value) -> Int? { nil }
  /// `self op other`, or `other op self` when `reflected`; nil when not supported (a TypeError).
  open func binary(_ op: BinaryOperator, _ other: Value, reflected: Bool) throws -> Value? { nil }
  /// `-x` / `+x` / `abs(x)`; nil when not supported.
  open func unary(_ op: UnaryOperator) throws -> Value? { nil }
  /// Python's `format(x, spec)` for a specification that is not empty; nil when the type has no such formats.
  open func format(_ spec: Str, _ interpreter: Interpreter) throws -> Str? { nil }
  /// Whether `x[key]` means something for this type: then `'%(key)s' % x` looks keys up in it.
  open var isSubscriptable: Bool { false }
  /// A number's value as a float, when it has one.
  open var floatValue: Double? { nil }
  /// Called once on constants before they are shared between threads.
  open func freeze() {}
}

public enum BinaryOperator: UInt8, Sendable {
  case add, subtract, multiply, divide, floorDivide, modulo, power
  /// `&`, `|`, `^` exist for sets and their methods; Jinja has no syntax for them.
  case and, or, xor
  /// As Python writes it in error messages.
  public var symbol: String {
    switch self {
    case .add: "+"
    case .subtract: "-"
    case .multiply: "*"
    case .divide: "/"
    case .floorDivide: "//"
    case .modulo: "%"
    case .power: "** or pow()"
    case .and: "&"
    case .or: "|"
    case .xor: "^"
    }
  }
}

public enum UnaryOperator: UInt8, Sendable { case negate, plus, absolute }

/// What a loop takes its items from.
open class ValueIterator {
  public init() {}
  /// The next item; nil at the end.
  open func next() throws -> Value? { nil }
  /// Items left when that is known without consuming them.
  open var remaining: Int? { nil }
}

/// Iterates over an array of values.
public final class ArrayIterator: ValueIterator {
  private let items: [Value]
  private var index = 0
  public init(_ items: [Value]) { self.items = items }
  public override func next() -> Value? {
    guard index < items.count else { return nil }
    defer { index += 1 }
    return items[index]
  }
  public override var remaining: Int? { items.count - index }
}
