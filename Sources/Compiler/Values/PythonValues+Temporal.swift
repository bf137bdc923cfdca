import Events
import Jinja
import Postgres

/// Numbers, dates and times as the objects Python has for them.
extension PythonValues {
  static func decimal(_ text: String) -> Value { Decimal(text).map { .object(DecimalObject($0)) } ?? .string(text) }

  /// Any number as a decimal; a float by its shortest text, as agate does.
  static func decimal(_ value: Value) -> Value {
    switch value {
    case .int(let i): .object(DecimalObject(Decimal(i)))
    case .float: (try? value.repr(nil).string).map { decimal($0) } ?? value
    default: value
    }
  }

  static func date(_ d: CivilDate) -> Value { PythonTime.date(d.year, d.month, d.day) ?? .none }

  static func time(_ t: CivilTime) -> Value {
    PythonTime.time(t.hour, t.minute, t.second, t.microsecond, utcOffset: t.utcOffset) ?? .none
  }

  static func dateTime(_ d: CivilDate, _ t: CivilTime) -> Value {
    PythonTime.dateTime(
      d.year, d.month, d.day, t.hour, t.minute, t.second, t.microsecond, utcOffset: t.utcOffset) ?? .none
  }

  static func interval(_ i: PostgresInterval) -> Value {
    PythonTime.delta(days: i.timedeltaDays, microseconds: i.microseconds) ?? .none
  }

  static func utc(_ time: Timestamp) -> Value {
    PythonTime.utc(microsecondsSinceEpoch: time.seconds * 1_000_000 + time.nanoseconds / 1000) ?? .none
  }

  static func date(_ m: SeedTime.Moment) -> Value { PythonTime.date(m.year, m.month, m.day) ?? .none }

  static func dateTime(_ m: SeedTime.Moment) -> Value {
    PythonTime.dateTime(m.year, m.month, m.day, m.hour, m.minute, m.second, m.microsecond, utcOffset: m.offset)
      ?? .none
  }

  /// The column type agate has for an object.
  static func agateType(_ object: Object) -> AgateType {
    switch object {
    case is BigInteger: .integer
    case is DecimalObject: .number
    case is DateTimeObject: .dateTime
    case is DateObject: .date
    default: .text
    }
  }
}
