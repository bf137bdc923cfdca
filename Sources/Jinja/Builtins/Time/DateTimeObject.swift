import Glibc

/// `datetime.datetime`
public final class DateTimeObject: DateObject {
  let clock: Clock
  let zone: TimeZoneObject?
  let fold: Int

  init(_ moment: Moment, _ zone: TimeZoneObject? = nil, fold: Int = 0) {
    clock = moment.clock
    self.zone = zone
    self.fold = fold
    super.init(moment.date)
  }

  /// A moment of UTC for hosts: seconds and microseconds since 1970, as an aware datetime (or a naive one).
  public static func utc(microsecondsSinceEpoch: Int, aware: Bool = true) throws -> DateTimeObject {
    DateTimeObject(
      try Moment(microseconds: Moment.epoch + microsecondsSinceEpoch), aware ? FixedZone.utc : nil)
  }

  var moment: Moment { Moment(date, clock) }
  var offset: Int? { zone?.offset(moment) }
  /// Microseconds of UTC (of local time, when naive).
  private var absolute: Int { moment.microseconds - (offset ?? 0) }

  override public var typeName: String { "datetime.datetime" }

  private func iso(_ separator: String, _ timespec: String) throws -> String {
    try date.text + separator + clock.text(timespec) + (offset.map { TimeZoneObject.offsetText($0) } ?? "")
  }
  override public func str(_ interpreter: Interpreter?) throws -> Str { Str.make(try iso(" ", "auto")) }
  override public func repr(_ interpreter: Interpreter?) throws -> Str {
    var parts = [date.year, date.month, date.day, clock.hour, clock.minute, clock.second, clock.microsecond]
    while parts.count > 5, parts.last == 0 { parts.removeLast() }
    let zone = try zone.map { ", tzinfo=" + (try $0.repr(interpreter).string) } ?? ""
    return Str.make(
      "datetime.datetime(\(parts.map(String.init).joined(separator: ", "))\(fold == 0 ? "" : ", fold=1")\(zone))")
  }

  override public func isEqual(to other: Value) -> Bool {
    guard let other = other.asObject(DateTimeObject.self), (other.offset == nil) == (offset == nil) else {
      return false
    }
    return absolute == other.absolute
  }
  override public func hashCode() throws -> Int { NumberHash.combine(0x7469_6d65, absolute) }
  override public func compare(to other: Value) -> Int? {
    guard let other = other.asObject(DateTimeObject.self), (other.offset == nil) == (offset == nil) else { return nil }
    return absolute - other.absolute
  }

  override public func binary(_ op: BinaryOperator, _ other: Value, reflected: Bool) throws -> Value? {
    if let delta = other.asObject(TimeDeltaObject.self), op == .add || op == .subtract && !reflected {
      let sum = Int128(moment.microseconds) + (op == .add ? delta.microseconds : -delta.microseconds)
      return .object(DateTimeObject(try Moment(microseconds: Int(clamping: sum)), zone))
    }
    if op == .subtract, let other = other.asObject(DateTimeObject.self) {
      let (a, b) = reflected ? (other, self) : (self, other)
      guard (a.offset == nil) == (b.offset == nil) else {
        throw TemplateError(.type, "can't subtract offset-naive and offset-aware datetimes")
      }
      // Two times of the same zone object are subtracted as they stand on the clock.
      if a.zone === b.zone { return .object(TimeDeltaObject(a.moment.microseconds - b.moment.microseconds)) }
      return .object(TimeDeltaObject(a.absolute - b.absolute))
    }
    return nil
  }

  override public func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? {
    switch name.string {
    case "hour": return .int(clock.hour)
    case "minute": return .int(clock.minute)
    case "second": return .int(clock.second)
    case "microsecond": return .int(clock.microsecond)
    case "tzinfo": return zone.map { .object($0) } ?? Value.none
    case "fold": return .int(fold)
    case "year", "month", "day": return try super.attribute(name, interpreter)
    default:
      return try DateTimeObject.own.bound(self, name) ?? DateObject.methods.bound(self, name)
        ?? DateTimeObject.class.attribute(name, interpreter)
    }
  }
  override public func callMethod(_ name: Str, _ arguments: Arguments, _ interpreter: Interpreter) throws -> Value? {
    try DateTimeObject.own.call(self, name, arguments, interpreter)
      ?? super.callMethod(name, arguments, interpreter)
  }

  override var timeParts: TimeParts {
    var parts = TimeParts(moment)
    parts.offset = offset
    parts.zoneName = zone?.name(moment)
    parts.daylight = zone.map { zone in zone.daylight(moment).map { $0 != 0 } ?? nil } ?? nil
    return parts
  }

  // MARK: - Clocks and stamps

  /// The present, to the microsecond: local time without a zone, or the zone's.
  static func now(_ zone: TimeZoneObject?) -> DateTimeObject {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let utc = Moment.epoch + time.tv_sec * 1_000_000 + time.tv_nsec / 1000
    if let zone, let moment = try? Moment(microseconds: utc), let (local, zone) = try? zone.fromUTC(moment) {
      return DateTimeObject(local, zone)
    }
    let local =
      (try? Moment(microseconds: utc + LocalZone.offset(atUTC: utc).microseconds)) ?? Moment(Civil(1970, 1, 1), Clock())
    return DateTimeObject(local)
  }

  private static func stamp(_ value: Value, _ r: Interpreter) throws -> Int {
    let microseconds: Double
    if let i = value.asInt {
      guard i.magnitude < 1 << 40 else { throw TemplateError(.value, "year is out of range") }
      return Moment.epoch + i * 1_000_000
    }
    guard let seconds = try Numbers.double(value) ?? (value.asObject(DecimalObject.self)?.floatValue) else {
      throw TemplateError(.type, "'\(value.typeName)' object cannot be interpreted as an integer")
    }
    guard seconds.isFinite, seconds.magnitude < 1e12 else {
      throw TemplateError(
        seconds.isNaN ? .value : .overflow,
        seconds.isNaN ? "cannot convert float NaN to integer" : "cannot convert float infinity to integer")
    }
    let whole = seconds.rounded(.down)
    microseconds = ((seconds - whole) * 1_000_000).rounded(.toNearestOrEven)
    return Moment.epoch + Int(whole) * 1_000_000 + Int(microseconds)
  }

  static func fromTimestamp(_ value: Value, _ zone: TimeZoneObject?, _ r: Interpreter) throws -> DateTimeObject {
    let utc = try stamp(value, r)
    do {
      if let zone {
        let (local, zone) = try zone.fromUTC(Moment(microseconds: utc))
        return DateTimeObject(local, zone)
      }
      return DateTimeObject(try Moment(microseconds: utc + LocalZone.offset(atUTC: utc).microseconds))
    } catch let error as TemplateError where error.kind == .overflow {
      throw TemplateError(.value, "year is out of range")
    }
  }

  /// Microseconds of UTC; a naive time is the machine's local time.
  var utcMicroseconds: Int { offset == nil ? LocalZone.utc(ofLocal: moment.microseconds) : absolute }

  func converted(to zone: TimeZoneObject?) throws -> DateTimeObject {
    let utc = utcMicroseconds
    guard let zone else {
      let local = LocalZone.offset(atUTC: utc)
      return DateTimeObject(
        try Moment(microseconds: utc + local.microseconds), FixedZone(local.microseconds, name: local.name))
    }
    if zone === self.zone { return self }
    let (local, result) = try zone.fromUTC(Moment(microseconds: utc))
    return DateTimeObject(local, result)
  }

  // MARK: - Methods

  /// Those that `date` has not, or has otherwise.
  static let own = ObjectMethods<DateTimeObject>([
    (
      "isoformat", "sep='T', timespec='auto'",
      { x, a, _ in
        let separator = try a[0].map { try TimeArgument.text($0, "isoformat") } ?? "T"
        guard separator.unicodeScalars.count == 1 else {
          throw TemplateError(.type, "isoformat() argument 1 must be a unicode character, not str")
        }
        return .string(try x.iso(separator, try a[1].map { try TimeArgument.text($0, "isoformat") } ?? "auto"))
      }
    ),
    ("date", "", { x, _, _ in .object(DateObject(x.date)) }),
    ("time", "", { x, _, _ in .object(TimeObject(x.clock, nil, fold: x.fold)) }),
    ("timetz", "", { x, _, _ in .object(TimeObject(x.clock, x.zone, fold: x.fold)) }),
    ("timestamp", "", { x, _, _ in .float(Double(x.utcMicroseconds - Moment.epoch) / 1_000_000) }),
    (
      "astimezone", "tz=None",
      { x, a, _ in
        if let value = a[0], !value.isNone, value.asObject(TimeZoneObject.self) == nil {
          throw TemplateError(.type, "tz argument must be an instance of tzinfo")
        }
        return .object(try x.converted(to: try TimeArgument.zone(a[0])))
      }
    ),
    ("utcoffset", "", { x, _, _ in x.offset.map { .object(TimeDeltaObject($0)) } ?? .none }),
    ("tzname", "", { x, _, _ in x.zone?.name(x.moment).map { .string($0) } ?? .none }),
    ("dst", "", { x, _, _ in x.zone?.daylight(x.moment).map { .object(TimeDeltaObject($0)) } ?? .none }),
    (
      "utctimetuple", "",
      { x, _, _ in
        var parts = TimeParts(try Moment(microseconds: x.moment.microseconds - (x.offset ?? 0)))
        parts.daylight = false
        return .object(parts.structTime)
      }
    ),
    (
      "replace",
      "year=None, month=None, day=None, hour=None, minute=None, second=None, microsecond=None, tzinfo=True, *, fold=None",
      { x, a, _ in
        let date = try Civil(
          checking: TimeArgument.int(a[0], x.date.year), TimeArgument.int(a[1], x.date.month),
          TimeArgument.int(a[2], x.date.day))
        let clock = try Clock(
          checking: TimeArgument.int(a[3], x.clock.hour), TimeArgument.int(a[4], x.clock.minute),
          TimeArgument.int(a[5], x.clock.second), TimeArgument.int(a[6], x.clock.microsecond))
        return .object(
          DateTimeObject(
            Moment(date, clock), a[7] == nil ? x.zone : try TimeArgument.zone(a[7]),
            fold: try TimeArgument.int(a[8], x.fold)))
      }
    ),
  ])

  nonisolated(unsafe) static let `class` = PythonClass(
    "datetime.datetime",
    "year, month, day, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0",
    methods: [
      ("now", "tz=None", { a, _ in .object(now(try TimeArgument.zone(a[0]))) }),
      ("today", "", { _, _ in .object(now(nil)) }),
      ("utcnow", "", { _, _ in .object(DateTimeObject(now(FixedZone.utc).moment)) }),
      (
        "fromtimestamp", "timestamp, tz=None",
        { a, r in .object(try fromTimestamp(a[0] ?? .none, try TimeArgument.zone(a[1]), r)) }
      ),
      (
        "utcfromtimestamp", "timestamp",
        { a, r in .object(DateTimeObject(try fromTimestamp(a[0] ?? .none, FixedZone.utc, r).moment)) }
      ),
      (
        "strptime", "date_string, format",
        { a, _ in
          .object(
            try TimeParse.parse(TimeArgument.text(a[0], "strptime"), TimeArgument.text(a[1], "strptime")))
        }
      ),
      (
        "fromisoformat", "date_string",
        { a, _ in .object(try ISOFormat.dateTime(try TimeArgument.text(a[0], "fromisoformat"))) }
      ),
      (
        "combine", "date, time, tzinfo=True",
        { a, _ in
          guard let date = a[0]?.asObject(DateObject.self) else {
            throw TemplateError(.type, "combine() argument 1 must be datetime.date, not \(a[0]?.typeName ?? "None")")
          }
          guard let time = a[1]?.asObject(TimeObject.self) else {
            throw TemplateError(.type, "combine() argument 2 must be datetime.time, not \(a[1]?.typeName ?? "None")")
          }
          return .object(
            DateTimeObject(
              Moment(date.date, time.clock), a[2] == nil ? time.zone : try TimeArgument.zone(a[2]), fold: time.fold))
        }
      ),
      (
        "fromordinal", "ordinal",
        { a, _ in
          let ordinal = try TimeArgument.required(a[0])
          guard ordinal >= 1 else { throw TemplateError(.value, "ordinal must be >= 1") }
          guard ordinal <= Civil.maxOrdinal else { throw TemplateError(.value, "year is out of range") }
          return .object(DateTimeObject(Moment(Civil(ordinal: ordinal), Clock())))
        }
      ),
      (
        "fromisocalendar", "year, week, day",
        { a, _ in
          let date = try Civil.fromISO(
            TimeArgument.required(a[0]), TimeArgument.required(a[1]), TimeArgument.required(a[2]))
          return .object(DateTimeObject(Moment(date, Clock())))
        }
      ),
    ],
    constants: { name in
      switch name {
      case "min": .object(DateTimeObject(Moment(Civil(1, 1, 1), Clock())))
      case "max":
        .object(DateTimeObject(Moment(Civil(9999, 12, 31), Clock(microseconds: Clock.dayMicroseconds - 1))))
      case "resolution": .object(TimeDeltaObject(1))
      default: nil
      }
    },
    make: { a, _ in
      let date = try Civil(
        checking: TimeArgument.required(a[0]), TimeArgument.required(a[1]), TimeArgument.required(a[2]))
      let clock = try Clock(
        checking: TimeArgument.int(a[3], 0), TimeArgument.int(a[4], 0), TimeArgument.int(a[5], 0),
        TimeArgument.int(a[6], 0))
      return .object(
        DateTimeObject(Moment(date, clock), try TimeArgument.zone(a[7]), fold: try TimeArgument.int(a[8], 0)))
    })
}
