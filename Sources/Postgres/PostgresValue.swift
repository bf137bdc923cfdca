/// A day of the proleptic Gregorian calendar, year 1 to 9999 (what Python's `date` can hold).
public struct CivilDate: Sendable, Hashable {
  public var year: Int
  public var month: Int
  public var day: Int
  public init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }
}

/// A time of day; `utcOffset` in seconds east of Greenwich where the value has a zone.
public struct CivilTime: Sendable, Hashable {
  public var hour: Int
  public var minute: Int
  public var second: Int
  public var microsecond: Int
  public var utcOffset: Int?
  public init(hour: Int, minute: Int, second: Int, microsecond: Int = 0, utcOffset: Int? = nil) {
    self.hour = hour
    self.minute = minute
    self.second = second
    self.microsecond = microsecond
    self.utcOffset = utcOffset
  }
}

/// A length of time as PostgreSQL keeps it: months, days and microseconds do not turn into each other.
public struct PostgresInterval: Sendable, Hashable {
  public var months: Int
  public var days: Int
  public var microseconds: Int
  public init(months: Int, days: Int, microseconds: Int) {
    self.months = months
    self.days = days
    self.microseconds = microseconds
  }

  /// Whole days as psycopg2 counts them for a `timedelta`: a year is 365 days, a month of the rest 30.
  public var timedeltaDays: Int { months / 12 * 365 + months % 12 * 30 + days }
}

/// A field of a result, by type, as psycopg2 would give it to Python.
public enum PostgresValue: Sendable, Hashable {
  case null
  case bool(Bool)
  /// smallint, integer, bigint, oid.
  case integer(Int64)
  /// numeric: the digits as sent, trailing zeros kept (`1.50`, `NaN`), as Python's `Decimal` would.
  case numeric(String)
  /// real, double precision.
  case double(Double)
  /// text, varchar, char, name, and every type psycopg2 has no special class for (uuid, enums, inet, xml, …).
  case text(String)
  /// json and jsonb: the document's text, yet to be parsed.
  case json(String)
  case bytes([UInt8])
  case date(CivilDate)
  case time(CivilTime)
  /// timestamp (no offset) and timestamptz (offset in the time).
  case timestamp(CivilDate, CivilTime)
  case interval(PostgresInterval)
  case array([PostgresValue])

  /// Decodes PostgreSQL's text output (DateStyle ISO, IntervalStyle postgres, bytea_output hex, all defaults).
  /// Infinite dates and timestamps become the last that Python knows, as in psycopg2; what Python's types cannot hold
  /// (years before 1 or after 9999) stays text.
  public init(text bytes: UnsafeBufferPointer<UInt8>, typeOID: UInt32) {
    func string() -> String { String(decoding: bytes, as: UTF8.self) }
    switch typeOID {
    case 16: self = .bool(bytes.first == UInt8(ascii: "t"))
    case 20, 21, 23, 26: self = Int64(string()).map(PostgresValue.integer) ?? .text(string())
    case 1700: self = .numeric(string())
    case 700, 701: self = Self.double(string())
    case 114, 3802: self = .json(string())
    case 17: self = Self.bytea(bytes).map(PostgresValue.bytes) ?? .text(string())
    case 1082: self = TemporalText.date(bytes).map(PostgresValue.date) ?? .text(string())
    case 1083, 1266: self = TemporalText.time(bytes).map(PostgresValue.time) ?? .text(string())
    case 1114, 1184:
      self = TemporalText.timestamp(bytes).map { PostgresValue.timestamp($0.0, $0.1) } ?? .text(string())
    case 1186: self = TemporalText.interval(bytes).map(PostgresValue.interval) ?? .text(string())
    default:
      if let element = PostgresTypes.arrayElement(typeOID) {
        self = ArrayText.parse(bytes, element: element).map(PostgresValue.array) ?? .text(string())
      } else {
        self = .text(string())
      }
    }
  }

  public init(text: String, typeOID: UInt32) {
    let bytes = Array(text.utf8)
    self = bytes.withUnsafeBufferPointer { PostgresValue(text: $0, typeOID: typeOID) }
  }

  private static func double(_ text: String) -> PostgresValue {
    switch text {
    case "NaN": return .double(.nan)
    case "Infinity": return .double(.infinity)
    case "-Infinity": return .double(-.infinity)
    default: return Double(text).map(PostgresValue.double) ?? .text(text)
    }
  }

  /// `\x6869`, or the older escape format with `\ooo` and `\\`.
  private static func bytea(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    let backslash = UInt8(ascii: "\\")
    if bytes.count >= 2, bytes[0] == backslash, bytes[1] == UInt8(ascii: "x") {
      guard bytes.count % 2 == 0 else { return nil }
      var out: [UInt8] = []
      out.reserveCapacity(bytes.count / 2 - 1)
      for index in stride(from: 2, to: bytes.count, by: 2) {
        guard let high = hexDigit(bytes[index]), let low = hexDigit(bytes[index + 1]) else { return nil }
        out.append(high << 4 | low)
      }
      return out
    }
    var out: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] != backslash {
        out.append(bytes[index])
        index += 1
      } else if index + 1 < bytes.count, bytes[index + 1] == backslash {
        out.append(backslash)
        index += 2
      } else if index + 3 < bytes.count {
        let digits = bytes[(index + 1)...(index + 3)].map { Int($0) - 0x30 }
        guard digits.allSatisfy({ (0...7).contains($0) }) else { return nil }
        out.append(UInt8(truncatingIfNeeded: digits[0] * 64 + digits[1] * 8 + digits[2]))
        index += 4
      } else {
        return nil
      }
    }
    return out
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: return byte - 0x30
    case 0x61...0x66: return byte - 0x61 + 10
    case 0x41...0x46: return byte - 0x41 + 10
    default: return nil
    }
  }
}
