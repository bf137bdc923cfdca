/// `pytz.utc`
final class PytzUTC: TimeZoneObject {
  nonisolated(unsafe) static let shared = PytzUTC()

  override var typeName: String { "UTC" }
  override func offset(_ local: Moment?) -> Int? { 0 }
  override func name(_ local: Moment?) -> String? { "UTC" }
  override func daylight(_ local: Moment?) -> Int? { 0 }
  override func str(_ interpreter: Interpreter?) throws -> Str { Str.make("UTC") }
  override func repr(_ interpreter: Interpreter?) throws -> Str { Str.make("<UTC>") }

  override func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? {
    if name.string == "zone" { return .string("UTC") }
    return try PytzUTC.own.bound(self, name) ?? super.attribute(name, interpreter)
  }
  override func callMethod(_ name: Str, _ arguments: Arguments, _ interpreter: Interpreter) throws -> Value? {
    try PytzUTC.own.call(self, name, arguments, interpreter) ?? super.callMethod(name, arguments, interpreter)
  }

  private static let own = ObjectMethods<PytzUTC>([
    (
      "localize", "dt, is_dst=False",
      { zone, a, _ in
        .object(DateTimeObject(try PytzZone.naive(a[0]).moment, zone))
      }
    ),
    ("normalize", "dt, is_dst=False", { zone, a, _ in .object(try PytzZone.aware(a[0]).converted(to: zone)) }),
  ])
}

/// `pytz.FixedOffset(minutes)`
final class PytzFixedOffset: TimeZoneObject {
  private let minutes: Int
  init(_ minutes: Int) { self.minutes = minutes }

  override var typeName: String { "_FixedOffset" }
  override func offset(_ local: Moment?) -> Int? { minutes * 60_000_000 }
  override func daylight(_ local: Moment?) -> Int? { 0 }
  override func repr(_ interpreter: Interpreter?) throws -> Str { Str.make("pytz.FixedOffset(\(minutes))") }
  override func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? {
    if name.string == "zone" { return Value.none }
    return try PytzFixedOffset.own.bound(self, name) ?? super.attribute(name, interpreter)
  }
  override func callMethod(_ name: Str, _ arguments: Arguments, _ interpreter: Interpreter) throws -> Value? {
    try PytzFixedOffset.own.call(self, name, arguments, interpreter)
      ?? super.callMethod(name, arguments, interpreter)
  }
  private static let own = ObjectMethods<PytzFixedOffset>([
    (
      "localize", "dt, is_dst=False",
      { zone, a, _ in
        .object(DateTimeObject(try PytzZone.naive(a[0]).moment, zone))
      }
    ),
    ("normalize", "dt, is_dst=False", { zone, a, _ in .object(try PytzZone.aware(a[0]).converted(to: zone)) }),
  ])
}

/// A zone of pytz: one object for each distance from UTC the zone has had. The one `timezone()` gives is the zone's
/// earliest; `localize` and `astimezone` choose the right one.
final class PytzZone: TimeZoneObject {
  private let data: ZoneData
  private let rule: ZoneData.Rule

  private init(_ data: ZoneData, _ rule: ZoneData.Rule) {
    self.data = data
    self.rule = rule
  }
  convenience init(_ data: ZoneData) { self.init(data, data.rules[0]) }

  private var isStatic: Bool { data.transitions.isEmpty }
  override var typeName: String { data.name }
  override func offset(_ local: Moment?) -> Int? { rule.offset * 1_000_000 }
  override func name(_ local: Moment?) -> String? { rule.name }
  override func daylight(_ local: Moment?) -> Int? { rule.daylight * 1_000_000 }
  override func str(_ interpreter: Interpreter?) throws -> Str { Str.make(data.name) }
  override func repr(_ interpreter: Interpreter?) throws -> Str {
    if isStatic { return Str.make("<StaticTzInfo '\(data.name)'>") }
    let offset = try TimeDeltaObject(seconds: rule.offset).str(nil).string
    return Str.make(
      "<DstTzInfo '\(data.name)' \(rule.name)\(rule.offset >= 0 ? "+" : "")\(offset) \(rule.daylight == 0 ? "STD" : "DST")>"
    )
  }

  override func isEqual(to other: Value) -> Bool {
    guard let other = other.asObject(PytzZone.self) else { return false }
    return other.data === data && other.rule == rule
  }
  override func hashCode() throws -> Int { NumberHash.combine(Str.make(data.name).hashCode, rule.offset) }

  private func with(_ rule: ZoneData.Rule) -> PytzZone { rule == self.rule ? self : PytzZone(data, rule) }

  override func fromUTC(_ utc: Moment) throws -> (Moment, TimeZoneObject) {
    let seconds = Int((Double(utc.microseconds - Moment.epoch) / 1_000_000).rounded(.down))
    let rule = isStatic ? data.rules[0] : data.rules[data.rule(at: seconds)]
    return (try Moment(microseconds: utc.microseconds + rule.offset * 1_000_000), with(rule))
  }

  override func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? {
    if name.string == "zone" { return .string(data.name) }
    return try PytzZone.own.bound(self, name) ?? super.attribute(name, interpreter)
  }
  override func callMethod(_ name: Str, _ arguments: Arguments, _ interpreter: Interpreter) throws -> Value? {
    try PytzZone.own.call(self, name, arguments, interpreter) ?? super.callMethod(name, arguments, interpreter)
  }

  static func naive(_ value: Value?) throws -> DateTimeObject {
    guard let time = value?.asObject(DateTimeObject.self) else {
      throw TemplateError(.attribute, "'\(value?.typeName ?? "NoneType")' object has no attribute 'tzinfo'")
    }
    if time.zone != nil { throw TemplateError(.value, "Not naive datetime (tzinfo is already set)") }
    return time
  }
  static func aware(_ value: Value?) throws -> DateTimeObject {
    guard let time = value?.asObject(DateTimeObject.self) else {
      throw TemplateError(.attribute, "'\(value?.typeName ?? "NoneType")' object has no attribute 'tzinfo'")
    }
    if time.zone == nil { throw TemplateError(.value, "Naive time - no tzinfo set") }
    return time
  }

  private static let own = ObjectMethods<PytzZone>([
    (
      "localize", "dt, is_dst=False",
      { zone, a, r in
        let daylight: Bool? = try a[1].map { $0.isNone ? nil : try r.truth($0) } ?? false
        return .object(try zone.localize(naive(a[0]).moment, daylight))
      }
    ),
    ("normalize", "dt", { zone, a, _ in .object(try aware(a[0]).converted(to: PytzZone(zone.data))) }),
    (
      "utcoffset", "dt, is_dst=None",
      { zone, a, r in try zone.rule(for: a[0], a[1], r).map { .object(TimeDeltaObject(seconds: $0.offset)) } ?? .none }
    ),
    (
      "dst", "dt, is_dst=None",
      { zone, a, r in try zone.rule(for: a[0], a[1], r).map { .object(TimeDeltaObject(seconds: $0.daylight)) } ?? .none
      }
    ),
    (
      "tzname", "dt, is_dst=None",
      { zone, a, r in try zone.rule(for: a[0], a[1], r).map { .string($0.name) } ?? .string(zone.data.name) }
    ),
  ])

  /// The rule in force at a time of this zone, naive or of another of its objects; nil when no time is given.
  private func rule(for time: Value?, _ isDaylight: Value?, _ r: Interpreter) throws -> ZoneData.Rule? {
    guard let time = time?.asObject(DateTimeObject.self) else { return nil }
    if time.zone === self { return rule }
    let daylight: Bool? = try isDaylight.flatMap { $0.isNone ? nil : try r.truth($0) }
    return (try localize(time.moment, daylight).zone as? PytzZone)?.rule
  }

  /// The zone's time that shows this on the clock; `isDaylight` decides where two do, or none (nil: an error).
  private func localize(_ moment: Moment, _ isDaylight: Bool?) throws -> DateTimeObject {
    if isStatic { return DateTimeObject(moment, self) }
    var candidates: [ZoneData.Rule] = []
    let local = Int((Double(moment.microseconds - Moment.epoch) / 1_000_000).rounded(.down))
    for day in [-86_400, 86_400] {
      let rule = data.rules[data.rule(at: local + day)]
      let (shown, _) = try fromUTC(Moment(microseconds: moment.microseconds - rule.offset * 1_000_000))
      let (_, zone) = try fromUTC(Moment(microseconds: moment.microseconds - rule.offset * 1_000_000))
      if shown == moment, let found = (zone as? PytzZone)?.rule, !candidates.contains(found) {
        candidates.append(found)
      }
    }
    if candidates.count == 1 { return DateTimeObject(moment, with(candidates[0])) }
    if candidates.isEmpty {
      guard let isDaylight else { throw TemplateError(.runtime, "\(moment.date.text) \(try moment.clock.text())") }
      // The hour that was skipped: take the rule of six hours on (or back).
      let shift = isDaylight ? 21_600_000_000 : -21_600_000_000
      let near = try localize(Moment(microseconds: moment.microseconds + shift), isDaylight)
      return DateTimeObject(moment, near.zone)
    }
    guard let isDaylight else { throw TemplateError(.runtime, "\(moment.date.text) \(try moment.clock.text())") }
    let matching = candidates.filter { ($0.daylight != 0) == isDaylight }
    if matching.count == 1 { return DateTimeObject(moment, with(matching[0])) }
    let choice = matching.isEmpty ? candidates : matching
    let sorted = choice.sorted { $0.offset > $1.offset }
    guard let rule = isDaylight ? sorted.first : sorted.last else { return DateTimeObject(moment, self) }
    return DateTimeObject(moment, with(rule))
  }
}
