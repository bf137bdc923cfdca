import Diagnostics
import Manifest

/// Sources of a package that the project declares anew with `overrides:`
/// (https://docs.getdbt.com/reference/resource-properties/overrides): what it says replaces what the package says.
struct SourceOverrides {
  private struct Key: Hashable {
    let package: String
    let source: String
  }

  private var overrides: [Key: PropertyEntry] = [:]
  private var used: Set<Key> = []
  /// Tables that were overridden, for the unused ones among them.
  private var known: [Key: Set<String>] = [:]
  private(set) var problems: [Diagnostic] = []

  /// - Parameter entries: of properties files; those that override are taken out.
  init(takingFrom entries: inout [PropertyEntry]) {
    for entry in entries where entry.key == "sources" {
      guard let package = entry.values["overrides"]?.asString else { continue }
      let key = Key(package: package, source: entry.name)
      if let first = overrides[key] {
        problems.append(Self.twice(first, entry, package))
      } else {
        overrides[key] = entry
      }
    }
    if overrides.isEmpty { return }
    entries.removeAll { $0.key == "sources" && $0.values["overrides"] != nil }
    entries = entries.map { applied(to: $0) }
  }

  private mutating func applied(to entry: PropertyEntry) -> PropertyEntry {
    let key = Key(package: entry.package, source: entry.name)
    guard entry.key == "sources", let override = overrides[key] else { return entry }
    used.insert(key)
    var values = entry.values
    for change in override.values where !["name", "overrides", "tables"].contains(change.key) {
      values[change.key] = change.value
    }
    // As in dbt, an override that says nothing of freshness takes it away.
    if override.values["freshness"] == nil { values["freshness"] = ["warn_after": [:], "error_after": [:]] }
    let changes = (override.values["tables"]?.asList ?? []).compactMap(\.asDict)
    values["tables"] = .list(
      (values["tables"]?.asList ?? []).map { table in
        guard var table = table.asDict, let name = table["name"]?.text else { return table }
        known[key, default: []].insert(name)
        for change in changes.first(where: { $0["name"]?.text == name }) ?? ConfigDict() where change.key != "name" {
          table[change.key] = change.value
        }
        return .dict(table)
      })
    return PropertyEntry(
      key: entry.key, package: entry.package, file: entry.file, node: entry.node, values: values,
      patchPath: override.file.originalPath)
  }

  /// A warning about overrides of what no package has; nil when there are none.
  var unused: Diagnostic? {
    var lines: [String] = []
    for (key, entry) in overrides.sorted(by: { ($0.key.package, $0.key.source) < ($1.key.package, $1.key.source) }) {
      let path = entry.file.originalPath
      if !used.contains(key) { lines.append("  - Source \(key.package).\(key.source) (in \(path))") }
      let tables = (entry.values["tables"]?.asList ?? []).compactMap { $0.asDict?["name"]?.text }
      for table in tables where used.contains(key) && !(known[key] ?? []).contains(table) {
        lines.append("  - Source table \(key.package).\(key.source).\(table) (in \(path))")
      }
    }
    guard let first = overrides.values.first, !lines.isEmpty else { return nil }
    return Diagnostic(
      "unused-overrides", .parsing,
      "During parsing, dbt encountered source overrides that had no target:\n" + lines.joined(separator: "\n"),
      severity: .warning, range: first.range)
  }

  private static func twice(_ first: PropertyEntry, _ second: PropertyEntry, _ package: String) -> Diagnostic {
    Diagnostic(
      "source-overridden-twice", .compilation,
      "dbt found two schema.yml entries for the same source named \(second.name) in package \(package). Sources may only "
        + "be overridden a single time. To fix this, remove one of the entries for \(second.name) in one of these files:\n"
        + " - \(first.file.originalPath)\n - \(second.file.originalPath)", range: second.range,
      notes: [Diagnostic.Note("first overridden here", range: first.range)])
  }
}
