import Diagnostics
import YAML

/// Which warnings become errors, stay warnings or are not shown (`--warn-error-options`).
public struct WarnErrorOptions: Sendable, Hashable {
  /// Names of events, or `all`/`*` alone.
  public var error: [String] = []
  public var warn: [String] = []
  public var silence: [String] = []

  public init() {}

  public init(_ node: YAMLNode) throws(Diagnostic) {
    guard let mapping = node.mapping else {
      throw Diagnostic(
        "bad-warn-error-options", .usage, "warn_error_options must be a mapping, but is \(node.kindName)",
        range: node.range, hint: "write {\"error\": [\"…\"], \"warn\": [\"…\"], \"silence\": [\"…\"]}")
    }
    let known: Set = ["error", "warn", "silence", "include", "exclude"]
    if let entry = mapping.entries.first(where: { !known.contains($0.key.string ?? "") }) {
      let name = entry.key.scalar?.text ?? ""
      throw Diagnostic(
        "bad-warn-error-options", .usage, "warn_error_options has no key `\(name)`", range: entry.key.range,
        hint: NearestName.of(name, among: known).map { "did you mean `\($0)`?" })
    }
    error = try Self.names(mapping, "error", old: "include")
    warn = try Self.names(mapping, "warn", old: "exclude")
    silence = try Self.names(mapping, "silence", old: nil)
  }

  private static func names(_ mapping: YAMLMapping, _ key: String, old: String?) throws(Diagnostic) -> [String] {
    if let old, let entry = mapping.entry(old), let other = mapping[key], !other.isNull, !entry.value.isNull {
      throw Diagnostic(
        "two-names", .usage, "only `\(old)` or `\(key)` can be given in `warn_error_options`, not both",
        range: entry.key.range)
    }
    guard let node = mapping[key] ?? old.flatMap({ mapping[$0] }), !node.isNull else { return [] }
    if let text = node.string { return [text] }
    if let names = node.strings { return names }
    throw Diagnostic(
      "bad-warn-error-options", .usage, "`\(key)` must be a list of names of warnings, or \"all\"", range: node.range)
  }
}
