/// `modules.datetime`
enum DateTimeModule {
  static func make() -> DictObject {
    let dict = DictObject()
    dict["date"] = .object(DateObject.type)
    dict["datetime"] = .object(DateTimeObject.class)
    dict["time"] = .object(TimeObject.type)
    dict["timedelta"] = .object(TimeDeltaObject.type)
    dict["timezone"] = .object(FixedZone.type)
    dict["tzinfo"] = .object(
      PythonClass("datetime.tzinfo", "", make: { _, _ in .object(TimeZoneObject()) }))
    return dict
  }
}

/// `modules.pytz`
enum PytzModule {
  static func make() -> DictObject {
    let dict = ModuleObject.functions(functions)
    dict["utc"] = .object(PytzUTC.shared)
    dict["UTC"] = .object(PytzUTC.shared)
    // The folder of zones is read when the list is asked for.
    dict["all_timezones"] = .object(ZoneNames())
    dict["common_timezones"] = .object(ZoneNames())
    return dict
  }

  private static let timezoneSignature = Signature("zone")
  private static let offsetSignature = Signature("offset, _tzinfos={}")

  nonisolated(unsafe) private static let functions: [(name: String, body: NativeFunction.Body)] = [
    (
      "timezone",
      { a, _ in
        let value = try timezoneSignature.bind(a, function: "timezone")[0] ?? .none
        guard let name = value.asString else {
          throw TemplateError(
            .key, value.isNone ? "None" : try value.repr(nil).string,
            hint: "a time zone is named by a string, such as 'Asia/Tokyo'")
        }
        return .object(try timezone(name))
      }
    ),
    (
      "FixedOffset",
      { a, _ in
        let minutes = try TimeArgument.required(offsetSignature.bind(a, function: "FixedOffset")[0])
        if minutes == 0 { return .object(PytzUTC.shared) }
        guard abs(minutes) < 1440 else {
          throw TemplateError(.value, "absolute offset is too large", hint: "\(minutes)")
        }
        return .object(PytzFixedOffset(minutes))
      }
    ),
  ]

  private static func timezone(_ name: String) throws -> TimeZoneObject {
    if name.uppercased() == "UTC" { return PytzUTC.shared }
    if let data = ZoneFile.load(name) { return PytzZone(data) }
    let wanted = name.lowercased()
    if let real = ZoneFile.names().first(where: { $0.lowercased() == wanted }), let data = ZoneFile.load(real) {
      return PytzZone(data)
    }
    throw TemplateError(
      .key, "'\(name)'",
      hint: ZoneFile.folder == nil
        ? "no time zone files were found in \(ZoneFile.folders[0]): install the package tzdata; without it only UTC is known"
        : "there is no time zone of this name")
  }
}

/// The names of all zones: a list read when it is first used.
final class ZoneNames: Object {
  private lazy var names: [Value] = ZoneFile.names().map { .string($0) }

  override var typeName: String { "LazyList" }
  override var isTrue: Bool { !names.isEmpty }
  override var length: Int? { names.count }
  override func iterate(_ interpreter: Interpreter) throws -> ValueIterator? { ArrayIterator(names) }
  override func contains(_ member: Value, _ interpreter: Interpreter) throws -> Bool? {
    names.contains { $0.isEqual(to: member) }
  }
  override func item(_ key: Value, _ interpreter: Interpreter) throws -> Value? {
    guard let index = key.asInt else { return nil }
    let at = index < 0 ? index + names.count : index
    return names.indices.contains(at) ? names[at] : nil
  }
  override func repr(_ interpreter: Interpreter?) throws -> Str { try Value.list(names).repr(interpreter) }
}
