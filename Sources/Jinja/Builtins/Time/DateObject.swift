/// `datetime.date`; `datetime` derives from it.
public class DateObject: Object {
  let date: Civil

  init(_ date: Civil) { self.date = date }

  override public var typeName: String { "datetime.date" }
  override public func str(_ interpreter: Interpreter?) throws -> Str { Str.make(date.text) }
  override public func repr(_ interpreter: Interpreter?) throws -> Str {
    Str.make("datetime.date(\(date.year), \(date.month), \(date.day))")
  }

  override public func isEqual(to other: Value) -> Bool {
    guard let other = other.asObject(DateObject.self), !(other is DateTimeObject) else { return false }
    return other.date == date
  }
  override public func hashCode() throws -> Int { NumberHash.combine(0x64617465, date.ordinal) }
  override public func compare(to other: Value) -> Int? {
    guard let other = other.asObject(DateObject.self), !(other is DateTimeObject) else { return nil }
    return date.ordinal - other.date.ordinal
  }

  override public func binary(_ op: BinaryOperator, _ other: Value, reflected: Bool) throws -> Value? {
    if let delta = other.asObject(TimeDeltaObject.self), op == .add || op == .subtract && !reflected {
      let ordinal = date.ordinal + (op == .add ? delta.days : -delta.days)
      guard ordinal >= 1, ordinal <= Civil.maxOrdinal else { throw TemplateError(.overflow, "date value out of range") }
      return .object(DateObject(Civil(ordinal: ordinal)))
    }
    if op == .subtract, let other = other.asObject(DateObject.self), !(other is DateTimeObject) {
      let days = reflected ? other.date.ordinal - date.ordinal : date.ordinal - other.date.ordinal
      return .object(try TimeDeltaObject(checking: Int128(days) * 86_400_000_000))
    }
    return nil
  }

  override public func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? {
    switch name.string {
    case "year": .int(date.year)
    case "month": .int(date.month)
    case "day": .int(date.day)
    default: try DateObject.methods.bound(self, name) ?? DateObject.type.attribute(name, interpreter)
    }
  }
  override public func callMethod(_ name: Str, _ arguments: Arguments, _ interpreter: Interpreter) throws -> Value? {
    try DateObject.methods.call(self, name, arguments, interpreter)
      ?? super.callMethod(name, arguments, interpreter)
  }

  /// What `strftime` and `timetuple` see.
  var timeParts: TimeParts { TimeParts(Moment(date, Clock())) }

  static let methods = ObjectMethods<DateObject>([
    ("weekday", "", { x, _, _ in .int(x.date.weekday) }),
    ("isoweekday", "", { x, _, _ in .int(x.date.weekday + 1) }),
    ("toordinal", "", { x, _, _ in .int(x.date.ordinal) }),
    (
      "isocalendar", "",
      { x, _, _ in
        let iso = x.date.iso
        return .object(
          NamedTuple(
            "IsoCalendarDate", shown: "datetime.IsoCalendarDate",
            [("year", .int(iso.year)), ("week", .int(iso.week)), ("weekday", .int(iso.weekday))]))
      }
    ),
    ("isoformat", "", { x, _, _ in .string(x.date.text) }),
    ("ctime", "", { x, _, _ in .string(try TimeFormat.format(x.timeParts, Str.make("%a %b %e %H:%M:%S %Y"))) }),
    (
      "strftime", "format",
      { x, a, _ in
        guard let format = a[0]?.asStr else {
          throw TemplateError(.type, "strftime() argument 1 must be str, not \(a[0]?.typeName ?? "None")")
        }
        return .string(try TimeFormat.format(x.timeParts, format))
      }
    ),
    ("__format__", "format", { x, a, _ in .string(try x.formatted(a[0]?.asStr ?? Str.empty)) }),
    ("timetuple", "", { x, _, _ in .object(x.timeParts.structTime) }),
    (
      "replace", "year=None, month=None, day=None",
      { x, a, _ in
        .object(
          DateObject(
            try Civil(
              checking: TimeArgument.int(a[0], x.date.year), TimeArgument.int(a[1], x.date.month),
              TimeArgument.int(a[2], x.date.day))))
      }
    ),
  ])

  override public func format(_ spec: Str, _ interpreter: Interpreter) throws -> Str? { try formatted(spec) }

  /// `format(x, spec)`
  func formatted(_ spec: Str) throws -> Str {
    spec.isEmpty ? try str(nil) : try TimeFormat.format(timeParts, spec)
  }

  nonisolated(unsafe) static let type = PythonClass(
    "datetime.date", "year, month, day",
    methods: [
      ("today", "", { _, _ in .object(DateObject(DateTimeObject.now(nil).date)) }),
      ("fromisoformat", "date_string", { a, _ in .object(DateObject(try ISOFormat.date(a[0]))) }),
      (
        "fromordinal", "ordinal",
        { a, _ in
          let ordinal = try TimeArgument.required(a[0])
          guard ordinal >= 1 else { throw TemplateError(.value, "ordinal must be >= 1") }
          guard ordinal <= Civil.maxOrdinal else { throw TemplateError(.value, "year is out of range") }
          return .object(DateObject(Civil(ordinal: ordinal)))
        }
      ),
      (
        "fromisocalendar", "year, week, day",
        { a, _ in
          .object(
            DateObject(
              try Civil.fromISO(
                TimeArgument.required(a[0]), TimeArgument.required(a[1]), TimeArgument.required(a[2]))))
        }
      ),
      (
        "fromtimestamp", "timestamp",
        { a, r in .object(DateObject(try DateTimeObject.fromTimestamp(a[0] ?? .none, nil, r).date)) }
      ),
    ],
    constants: { name in
      switch name {
      case "min": .object(DateObject(Civil(1, 1, 1)))
      case "max": .object(DateObject(Civil(9999, 12, 31)))
      case "resolution": .object(TimeDeltaObject(Clock.dayMicroseconds))
      default: nil
      }
    },
    make: { a, _ in
      .object(
        DateObject(
          try Civil(
            checking: TimeArgument.required(a[0]), TimeArgument.required(a[1]), TimeArgument.required(a[2]))))
    })
}
