/// A plain value of a configuration: what YAML and `config()` can hold, and what JSON can carry.
///
/// Unlike the template language's values it is immutable and `Sendable`, so that nodes, sources and the manifest may
/// share one copy between threads. Equality is Python's: `1`, `1.0` and `true` are equal, dicts ignore order.
public enum ConfigValue: Sendable {
  case null
  case bool(Bool)
  case int(Int)
  /// An integer that does not fit in 64 bits, as decimal digits with an optional minus sign.
  case bigInt(String)
  case double(Double)
  case string(String)
  case list([ConfigValue])
  case dict(ConfigDict)
  /// A date without time, `YYYY-MM-DD`.
  case date(String)
  /// A date with time as Python's `isoformat()` writes it.
  case datetime(String)
}

extension ConfigValue {
  @inlinable public var isNull: Bool { if case .null = self { true } else { false } }
  @inlinable public var asString: String? { if case .string(let text) = self { text } else { nil } }
  @inlinable public var asBool: Bool? { if case .bool(let flag) = self { flag } else { nil } }
  @inlinable public var asDict: ConfigDict? { if case .dict(let dict) = self { dict } else { nil } }
  @inlinable public var asList: [ConfigValue]? { if case .list(let items) = self { items } else { nil } }
  /// An int; a bool counts as 0 or 1, as in Python.
  public var asInt: Int? {
    switch self {
    case .int(let i): i
    case .bool(let b): b ? 1 : 0
    default: nil
    }
  }
  public var asDouble: Double? {
    switch self {
    case .int(let i): Double(i)
    case .double(let d): d
    case .bool(let b): b ? 1 : 0
    case .bigInt(let digits): Double(digits)
    default: nil
    }
  }

  /// Python's truth: null, false, zero and whatever is empty are false.
  public var isTrue: Bool {
    switch self {
    case .null: false
    case .bool(let b): b
    case .int(let i): i != 0
    case .double(let d): d != 0
    case .string(let s): !s.isEmpty
    case .list(let items): !items.isEmpty
    case .dict(let dict): !dict.isEmpty
    case .bigInt, .date, .datetime: true
    }
  }

  /// Dates and times as their ISO texts, also inside lists and dicts.
  public var withDatesAsText: ConfigValue {
    switch self {
    case .date(let text), .datetime(let text): return .string(text)
    case .list(let items): return .list(items.map(\.withDatesAsText))
    case .dict(let dict): return .dict(dict.withDatesAsText)
    default: return self
    }
  }

  /// The value itself when it is a list, else a list of it alone (how dbt appends tags, hooks and packages).
  public var listified: [ConfigValue] {
    if case .list(let items) = self { return items }
    return [self]
  }

  /// The strings of a list, or one string alone; nil when anything else is in it.
  public var asStrings: [String]? {
    switch self {
    case .string(let s): return [s]
    case .list(let items):
      var out: [String] = []
      out.reserveCapacity(items.count)
      for item in items {
        guard case .string(let s) = item else { return nil }
        out.append(s)
      }
      return out
    default: return nil
    }
  }

  /// Python's name of the type, for messages.
  public var typeName: String {
    switch self {
    case .null: "NoneType"
    case .bool: "bool"
    case .int, .bigInt: "int"
    case .double: "float"
    case .string: "str"
    case .list: "list"
    case .dict: "dict"
    case .date: "date"
    case .datetime: "datetime"
    }
  }

  public static func strings(_ items: [String]) -> ConfigValue { .list(items.map { .string($0) }) }
  public static func optional(_ text: String?) -> ConfigValue { text.map { .string($0) } ?? .null }
  public static func optional(_ flag: Bool?) -> ConfigValue { flag.map { .bool($0) } ?? .null }
  public static func optional(_ number: Int?) -> ConfigValue { number.map { .int($0) } ?? .null }
}

extension ConfigValue: Equatable {
  public static func == (a: ConfigValue, b: ConfigValue) -> Bool {
    switch (a, b) {
    case (.null, .null): return true
    case (.string(let x), .string(let y)): return x == y
    case (.list(let x), .list(let y)): return x == y
    case (.dict(let x), .dict(let y)): return x == y
    case (.date(let x), .date(let y)): return x == y
    case (.datetime(let x), .datetime(let y)): return x == y
    case (.bigInt(let x), .bigInt(let y)): return x == y
    case (.int(let x), .int(let y)): return x == y
    case (.bool(let x), .bool(let y)): return x == y
    case (.double(let x), .double(let y)): return x == y
    case (.bool, .int), (.int, .bool), (.bool, .double), (.double, .bool), (.int, .double), (.double, .int):
      return a.asDouble == b.asDouble
    default: return false
    }
  }
}

extension ConfigValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral, ExpressibleByFloatLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(integerLiteral value: Int) { self = .int(value) }
  public init(floatLiteral value: Double) { self = .double(value) }
  public init(nilLiteral: ()) { self = .null }
  public init(arrayLiteral elements: ConfigValue...) { self = .list(elements) }
  public init(dictionaryLiteral elements: (String, ConfigValue)...) {
    var dict = ConfigDict()
    for (key, value) in elements { dict[key] = value }
    self = .dict(dict)
  }
}
