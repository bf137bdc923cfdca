/// A value of the template language, with Python's semantics.
///
/// Small and frequent things are stored in place; everything else is one reference. Lists and dicts are shared by
/// reference and mutable, as in Python. An int that does not fit in 64 bits is `.object(BigInteger)`, always: an
/// `.object(BigInteger)` never holds a number that would fit in `.int`.
///
/// Values are used by one thread at a time. Values that a compiled template holds (constants) are frozen: nothing in
/// them is computed lazily any more, so that many threads may read them at once.
public enum Value {
  case undefined(Undefined)
  case none
  case bool(Bool)
  case int(Int)
  case float(Double)
  case string(Str)
  case list(ListObject)
  case tuple(TupleObject)
  case dict(DictObject)
  /// Everything else: big integers, decimals, sets, ranges, dates, macros, functions, the host's objects.
  case object(Object)
}

extension Value {
  /// A string of the language from a Swift string.
  @inlinable public static func string(_ text: String) -> Value { .string(Str.make(text)) }
  public static func list(_ items: [Value]) -> Value { .list(ListObject(items)) }
  public static func tuple(_ items: [Value]) -> Value { .tuple(TupleObject(items)) }
  /// A dict with string keys in the order given.
  public static func dict(_ pairs: KeyValuePairs<String, Value>) -> Value {
    let dict = DictObject(capacity: pairs.count)
    for (key, value) in pairs { dict[key] = value }
    return .dict(dict)
  }

  @inlinable public var isUndefined: Bool { if case .undefined = self { true } else { false } }
  @inlinable public var isNone: Bool { if case .none = self { true } else { false } }
  /// The string's text when this is a string.
  public var asString: String? { if case .string(let s) = self { s.string } else { nil } }
  public var asStr: Str? { if case .string(let s) = self { s } else { nil } }
  public var asDict: DictObject? { if case .dict(let d) = self { d } else { nil } }
  public var asList: ListObject? { if case .list(let l) = self { l } else { nil } }
  public var asInt: Int? {
    switch self {
    case .int(let i): i
    case .bool(let b): b ? 1 : 0
    default: nil
    }
  }
  public func asObject<T: Object>(_ type: T.Type) -> T? {
    if case .object(let o) = self { o as? T } else { nil }
  }
}

/// A list, by reference.
public final class ListObject {
  public var items: [Value]
  public init(_ items: [Value] = []) { self.items = items }
  deinit { DeepRelease.guardStack(&items) }

  /// An item, without counting a reference to the array.
  @inline(__always) func item(_ index: Int) -> Value { items.withUnsafeBufferPointer { $0[index] } }
}

/// A tuple.
public final class TupleObject {
  public private(set) var items: [Value]
  public init(_ items: [Value]) { self.items = items }
  deinit { DeepRelease.guardStack(&items) }
}
