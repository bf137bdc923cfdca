/// `datetime.time`
final class TimeObject: Object {
  let clock: Clock
  let zone: TimeZoneObject?
  let fold: Int

  init(_ clock: Clock, _ zone: TimeZoneObject? = nil, fold: Int = 0) {
    self.clock = clock
    self.zone = zone
    self.fold = fold
  }

  override var typeName: String { "datetime.time" }
  private var offset: Int? { zone?.offset(nil) }

  private func iso(_ timespec: String = "auto") throws -> String {
    try clock.text(timespec) + (offset.map { TimeZoneObject.offsetText($0) } ?? "")
  }
  override func str(_ interpreter: Interpreter?) throws -> Str { Str.make(try iso()) }
  override func repr(_ interpreter: Interpreter?) throws -> Str {
    var parts = [clock.hour, clock.minute, clock.second, clock.microsecond]
    while parts.count > 2, parts.last == 0 { parts.removeLast() }
    let zone = try zone.map { ", tzinfo=" + (try $0.repr(interpreter).string) } ?? ""
    return Str.make(
      "datetime.time(\(parts.map(String.init).joined(separator: ", "))\(fold == 0 ? "" : ", fold=1")\(zone))")
  }

  override func isEqual(to other: Value) -> Bool {
    guard let other = other.asObject(TimeObject.self), (other.offset == nil) == (offset == nil) else { return false }
    return clock.microseconds - (offset ?? 0) == other.clock.microseconds - (other.offset ?? 0)
  }
  override func hashCode() throws -> Int { clock.microseconds - (offset ?? 0) }
  override func compare(to other: Value) -> Int? {
    guard let other = other.asObject(TimeObject.self), (other.offset == nil) == (offset == nil) else { return nil }
    return clock.microseconds - (offset ?? 0) - (other.clock.microseconds - (other.offset ?? 0))
  }

  override func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? {
    switch name.string {
    case "hour": .int(clock.hour)
    case "minute": .int(clock.minute)
    case "second": .int(clock.second)
    case "microsecond": .int(clock.microsecond)
    case "tzinfo": zone.map { .object($0) } ?? Value.none
    case "fold": .int(fold)
    default: try TimeObject.methods.bound(self, name) ?? TimeObject.type.attribute(name, interpreter)
    }
  }
  override func callMethod(_ name: Str, _ arguments: Arguments, _ interpreter: Interpreter) throws -> Value? {
    try TimeObject.methods.call(self, name, arguments, interpreter)
      ?? super.callMethod(name, arguments, interpreter)
  }

  private var timeParts: TimeParts {
    var parts = TimeParts(Moment(Civil(1900, 1, 1), clock))
    parts.offset = offset
    parts.zoneName = zone?.name(nil)
    return parts
  }

  override func format(_ spec: Str, _ interpreter: Interpreter) throws -> Str? { try formatted(spec) }

  func formatted(_ spec: Str) throws -> Str {
    spec.isEmpty ? try str(nil) : try TimeFormat.format(timeParts, spec)
  }

  static let methods = ObjectMethods<TimeObject>([
    (
      "isoformat", "timespec='auto'",
      { x, a, _ in .string(try x.iso(try a[0].map { try TimeArgument.text($0, "isoformat") } ?? "auto")) }
    ),
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
    ("utcoffset", "", { x, _, _ in x.offset.map { .object(TimeDeltaObject($0)) } ?? .none }),
    ("tzname", "", { x, _, _ in x.zone?.name(nil).map { .string($0) } ?? .none }),
    ("dst", "", { x, _, _ in x.zone?.daylight(nil).map { .object(TimeDeltaObject($0)) } ?? .none }),
    (
      "replace", "hour=None, minute=None, second=None, microsecond=None, tzinfo=True, *, fold=None",
      { x, a, _ in
        let clock = try Clock(
          checking: TimeArgument.int(a[0], x.clock.hour), TimeArgument.int(a[1], x.clock.minute),
          TimeArgument.int(a[2], x.clock.second), TimeArgument.int(a[3], x.clock.microsecond))
        return .object(
          TimeObject(
            clock, a[4] == nil ? x.zone : try TimeArgument.zone(a[4]), fold: try TimeArgument.int(a[5], x.fold)))
      }
    ),
  ])

  nonisolated(unsafe) static let type = PythonClass(
    "datetime.time", "hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0",
    methods: [
      (
        "fromisoformat", "time_string",
        { a, _ in
          let text = try TimeArgument.text(a[0], "fromisoformat")
          let (clock, zone) = try ISOFormat.time(text)
          return .object(TimeObject(clock, zone))
        }
      )
    ],
    constants: { name in
      switch name {
      case "min": .object(TimeObject(Clock()))
      case "max": .object(TimeObject(Clock(microseconds: Clock.dayMicroseconds - 1)))
      case "resolution": .object(TimeDeltaObject(1))
      default: nil
      }
    },
    make: { a, _ in
      let clock = try Clock(
        checking: TimeArgument.int(a[0], 0), TimeArgument.int(a[1], 0), TimeArgument.int(a[2], 0),
        TimeArgument.int(a[3], 0))
      return .object(TimeObject(clock, try TimeArgument.zone(a[4]), fold: try TimeArgument.int(a[5], 0)))
    })
}
