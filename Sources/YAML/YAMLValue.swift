/// A YAML value without positions, typed as PyYAML's SafeLoader types it (YAML 1.1).
public enum YAMLValue: Sendable, Hashable {
  case null
  case bool(Bool)
  case int(Int)
  /// An integer outside `Int`, in decimal with an optional leading `-`.
  case bigInt(String)
  case float(Double)
  case string(String)
  case date(YAMLDate)
  case dateTime(YAMLDateTime)
  case binary([UInt8])
  case sequence([YAMLValue])
  case mapping([YAMLPair])

  /// A mapping's value for a string key; nil for anything else.
  public subscript(_ key: String) -> YAMLValue? {
    guard case .mapping(let pairs) = self else { return nil }
    return pairs.first { $0.key == .string(key) }?.value
  }

  /// The value under which Python's `dict` would file this one as a key: `1`, `1.0` and `true` are the same key.
  var identity: YAMLValue {
    switch self {
    case .bool(let value): return .int(value ? 1 : 0)
    case .float(let value):
      if let integer = Int(exactly: value) { return .int(integer) }
      return self
    default: return self
    }
  }
}

/// One entry of a `YAMLValue.mapping`, in order.
public struct YAMLPair: Sendable, Hashable {
  public var key: YAMLValue
  public var value: YAMLValue
  public init(_ key: YAMLValue, _ value: YAMLValue) {
    self.key = key
    self.value = value
  }
}

/// A day of the proleptic Gregorian calendar, as Python's `datetime.date` (years 1 to 9999).
public struct YAMLDate: Sendable, Hashable, CustomStringConvertible {
  public var year: Int
  public var month: Int
  public var day: Int

  /// Nil where Python's `date(year, month, day)` raises.
  public init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month) else { return nil }
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard day >= 1, day <= lengths[month - 1] else { return nil }
    self.year = year
    self.month = month
    self.day = day
  }

  /// `2024-05-06`
  public var description: String { "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))" }
}

/// A point in time as Python's `datetime.datetime`: without an offset it is naive.
public struct YAMLDateTime: Sendable, Hashable, CustomStringConvertible {
  public var date: YAMLDate
  public var hour: Int
  public var minute: Int
  public var second: Int
  public var microsecond: Int
  /// Minutes east of UTC; nil for a naive time.
  public var offset: Int?

  /// Nil where Python's constructor raises.
  public init?(date: YAMLDate, hour: Int, minute: Int, second: Int, microsecond: Int = 0, offset: Int? = nil) {
    guard (0..<24).contains(hour), (0..<60).contains(minute), (0..<60).contains(second),
      (0..<1_000_000).contains(microsecond), abs(offset ?? 0) < 24 * 60
    else { return nil }
    self.date = date
    self.hour = hour
    self.minute = minute
    self.second = second
    self.microsecond = microsecond
    self.offset = offset
  }

  /// Python's `isoformat(' ')`: `2024-05-06 07:08:09.000001+02:00`.
  public var description: String {
    var text = "\(date) \(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))"
    if microsecond != 0 { text += ".\(padded(microsecond, 6))" }
    if let offset {
      text += "\(offset < 0 ? "-" : "+")\(padded(abs(offset) / 60, 2)):\(padded(abs(offset) % 60, 2))"
    }
    return text
  }
}

private func padded(_ number: Int, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
