import Compiler
import Events
import Jinja
import Manifest

/// How old the newest row of a source is, and whether that is too old.
struct FreshnessRunner {
  let project: CompiledProject
  let session: DatabaseSession

  func run(_ source: SourceDefinition) throws -> NodeRunner.Outcome {
    let relation = Value.object(RelationValue(project.relation(of: source)))
    let value: Value
    if let query = source.loadedAtQuery {
      let context = DbtContext(
        project, role: .macro, package: source.packageName, source: source, session: session)
      let sql = try project.render(query, name: source.originalFilePath, context)
      value = try project.runMacro(
        "collect_freshness_custom_sql",
        Arguments(keywords: [(Str.make("source"), relation), (Str.make("loaded_at_query"), .string(sql))]),
        session: session)
    } else if let field = source.loadedAtField {
      value = try project.runMacro(
        "collect_freshness",
        Arguments(keywords: [
          (Str.make("source"), relation), (Str.make("loaded_at_field"), .string(field)),
          (Str.make("filter"), source.freshness?.filter.map { .string($0) } ?? .none),
        ]), session: session)
    } else {
      throw ExecutionError(
        .runtime,
        "Could not compute freshness for source \(source.name): no 'loaded_at_field' provided and postgres adapter does "
          + "not support metadata-based freshness checks.")
    }
    // Macros of old give the table alone.
    let result = value.asDict
    if result == nil { try project.warn(.freshnessMacroOfOld()) }
    guard let table = value.asObject(AgateTable.self) ?? result?["table"]?.asObject(AgateTable.self),
      table.rows.count == 1, table.rows[0].count == 2
    else { throw ExecutionError(.runtime, "The freshness macro did not return one row of two times.") }
    let row = table.rows[0]
    let now = try moment(row[1], source)
    // A source without rows is as old as time.
    let newest = row[0].isNone ? Timestamp(seconds: -62_135_596_800, nanoseconds: 0) : try moment(row[0], source)
    let age = now - newest
    var outcome = NodeRunner.Outcome(status: .pass)
    let threshold = source.freshness ?? FreshnessThreshold()
    if threshold.errorAfter?.isExceeded(byAge: age) ?? false {
      outcome.status = .error
    } else if threshold.warnAfter?.isExceeded(byAge: age) ?? false {
      outcome.status = .warn
    }
    outcome.freshness = NodeResult.Freshness(
      maxLoadedAt: Self.text(newest), snapshottedAt: Self.text(now), age: age)
    if let response = result?["response"] { outcome.response = NodeRunner.response(response) }
    return outcome
  }

  private func moment(_ value: Value, _ source: SourceDefinition) throws -> Timestamp {
    let name = project.relation(of: source).render()
    if value.isNone {
      throw ExecutionError(
        .runtime,
        "Expected a non-null value when querying field 'snapshotted_at' of table \(name) but received value 'null' instead"
      )
    }
    let text = try value.str(nil).string
    guard let time = Self.parse(text) else {
      throw ExecutionError(
        .runtime,
        "Expected a timestamp value when querying field '\(source.loadedAtField ?? "loaded_at_query")' of table \(name) "
          + "but received '\(text)' instead")
    }
    return time
  }

  /// Python's text of a datetime: `2025-01-31 12:00:00.5+02:00`; without a zone it is UTC. Nil for a date alone.
  static func parse(_ text: String) -> Timestamp? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 19, bytes[10] == UInt8(ascii: " ") || bytes[10] == UInt8(ascii: "T") else { return nil }
    func number(_ from: Int, _ count: Int) -> Int? {
      guard from + count <= bytes.count else { return nil }
      return Int(String(decoding: bytes[from..<(from + count)], as: UTF8.self))
    }
    guard let year = number(0, 4), let month = number(5, 2), let day = number(8, 2), let hour = number(11, 2),
      let minute = number(14, 2), let second = number(17, 2)
    else { return nil }
    var at = 19
    var nanoseconds = 0
    if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
      at += 1
      var scale = 100_000_000
      while at < bytes.count, (0x30...0x39).contains(bytes[at]) {
        nanoseconds += Int(bytes[at] - 0x30) * scale
        scale /= 10
        at += 1
      }
    }
    var offset = 0
    if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") {
      guard let hours = number(at + 1, 2), let minutes = number(at + 4, 2) else { return nil }
      offset = (hours * 60 + minutes) * 60 * (bytes[at] == UInt8(ascii: "-") ? -1 : 1)
    }
    // Days since 1970 by counting years from March, so that a leap day is a year's last.
    let years = month > 2 ? year : year - 1
    let era = (years >= 0 ? years : years - 399) / 400
    let yearOfEra = years - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    return Timestamp(seconds: days * 86400 + hour * 3600 + minute * 60 + second - offset, nanoseconds: nanoseconds)
  }

  /// As Python's `isoformat()` writes UTC: no fraction when there is none.
  static func text(_ time: Timestamp) -> String {
    let iso = time.iso
    return (time.nanoseconds < 1000 ? String(iso.prefix(19)) : iso) + "+00:00"
  }
}
