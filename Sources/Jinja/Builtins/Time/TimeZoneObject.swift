import Glibc

/// `datetime.tzinfo`: how far a zone is from UTC.
class TimeZoneObject: Object {
  override var typeName: String { "datetime.tzinfo" }

  /// Microseconds east of UTC at a local time; nil when the zone does not say.
  func offset(_ local: Moment?) -> Int? { nil }
  func name(_ local: Moment?) -> String? { nil }
  func daylight(_ local: Moment?) -> Int? { nil }
  /// The local time of a UTC time, and the zone object that goes with it.
  func fromUTC(_ utc: Moment) throws -> (Moment, TimeZoneObject) {
    (try Moment(microseconds: utc.microseconds + (offset(utc) ?? 0)), self)
  }

  override func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? {
    TimeZoneObject.methods.bound(self, name)
  }
  override func callMethod(_ name: Str, _ arguments: Arguments, _ interpreter: Interpreter) throws -> Value? {
    try TimeZoneObject.methods.call(self, name, arguments, interpreter)
  }

  private static func moment(_ value: Value?) -> Moment? { value?.asObject(DateTimeObject.self)?.moment }

  static let methods = ObjectMethods<TimeZoneObject>([
    ("utcoffset", "dt", { zone, a, _ in zone.offset(moment(a[0])).map { .object(TimeDeltaObject($0)) } ?? .none }),
    ("tzname", "dt", { zone, a, _ in zone.name(moment(a[0])).map { .string($0) } ?? .none }),
    ("dst", "dt", { zone, a, _ in zone.daylight(moment(a[0])).map { .object(TimeDeltaObject($0)) } ?? .none }),
    (
      "fromutc", "dt",
      { zone, a, _ in
        guard let time = a[0]?.asObject(DateTimeObject.self) else {
          throw TemplateError(.type, "fromutc: argument must be a datetime")
        }
        let (local, zone) = try zone.fromUTC(time.moment)
        return .object(DateTimeObject(local, zone))
      }
    ),
  ])

  /// `+09:00`, `-03:30`, `+05:53:28`
  static func offsetText(_ microseconds: Int, colon: Bool = true) -> String {
    let magnitude = abs(microseconds)
    let separator = colon ? ":" : ""
    let seconds = magnitude / 1_000_000
    var text = microseconds < 0 ? "-" : "+"
    text += CFormat.padded(seconds / 3600, 2) + separator + CFormat.padded(seconds / 60 % 60, 2)
    if magnitude % 60_000_000 != 0 { text += separator + CFormat.padded(seconds % 60, 2) }
    if magnitude % 1_000_000 != 0 { text += "." + CFormat.padded(magnitude % 1_000_000, 6) }
    return text
  }
}

/// `datetime.timezone`: a fixed distance from UTC.
final class FixedZone: TimeZoneObject {
  let fixed: Int
  private let label: String?

  init(_ microseconds: Int, name: String? = nil) {
    fixed = microseconds
    label = name
  }

  nonisolated(unsafe) static let utc = FixedZone(0)

  override var typeName: String { "datetime.timezone" }
  override func offset(_ local: Moment?) -> Int? { fixed }
  override func name(_ local: Moment?) -> String? {
    label ?? (fixed == 0 ? "UTC" : "UTC" + TimeZoneObject.offsetText(fixed))
  }
  override func str(_ interpreter: Interpreter?) throws -> Str { Str.make(name(nil) ?? "") }
  override func repr(_ interpreter: Interpreter?) throws -> Str {
    if fixed == 0, label == nil { return Str.make("datetime.timezone.utc") }
    let delta = try TimeDeltaObject(fixed).repr(interpreter).string
    let name = try label.map { ", " + (try Value.string($0).repr(interpreter).string) } ?? ""
    return Str.make("datetime.timezone(\(delta)\(name))")
  }
  override func isEqual(to other: Value) -> Bool { other.asObject(FixedZone.self)?.fixed == fixed }
  override func hashCode() throws -> Int { fixed }

  /// - Throws: a ValueError from a day on.
  static func checked(_ microseconds: Int, name: String? = nil) throws -> FixedZone {
    guard abs(microseconds) < Clock.dayMicroseconds else {
      throw TemplateError(
        .value,
        "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), not "
          + (try TimeDeltaObject(microseconds).repr(nil).string) + ".")
    }
    return FixedZone(microseconds, name: name)
  }

  nonisolated(unsafe) static let type = PythonClass(
    "datetime.timezone", "offset, name=None",
    constants: { name in
      switch name {
      case "utc": .object(utc)
      case "min": .object(FixedZone(-86_340_000_000))
      case "max": .object(FixedZone(86_340_000_000))
      default: nil
      }
    },
    make: { a, _ in
      guard let offset = a[0]?.asObject(TimeDeltaObject.self) else {
        throw TemplateError(
          .type, "timezone() argument 1 must be datetime.timedelta, not \(a[0]?.typeName ?? "None")")
      }
      if offset.microseconds == 0, a[1] == nil { return .object(utc) }
      return .object(
        try checked(
          Int(clamping: offset.microseconds), name: try a[1].map { try TimeArgument.text($0, "timezone") }))
    })
}

/// The zone of the machine, as the C library knows it.
enum LocalZone {
  /// Microseconds east of UTC at a UTC time.
  static func offset(atUTC microseconds: Int) -> (microseconds: Int, name: String) {
    var seconds = time_t((microseconds - Moment.epoch) / 1_000_000)
    var parts = tm()
    localtime_r(&seconds, &parts)
    return (parts.tm_gmtoff * 1_000_000, parts.tm_zone.map { String(cString: $0) } ?? "UTC")
  }

  /// The UTC time of a local time.
  static func utc(ofLocal microseconds: Int) -> Int {
    let guess = microseconds - offset(atUTC: microseconds).microseconds
    return microseconds - offset(atUTC: guess).microseconds
  }
}
