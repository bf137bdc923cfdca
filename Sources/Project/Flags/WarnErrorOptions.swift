import Diagnostics
import YAML

/// Which warnings become errors, stay warnings or are not shown (`--warn-error-options`).
public struct WarnErrorOptions: Sendable, Hashable {
  /// Names of events, or `all`/`*` alone.
  public var error: [String] = []
  public var warn: [String] = []
  public var silence: [String] = []

  /// Which of the names of old were used: `include`, `exclude`.
  private var old: [String] = []

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
    old = ["include", "exclude"].filter { mapping[$0] != nil }
    error = try Self.names(mapping, "error", old: "include")
    warn = try Self.names(mapping, "warn", old: "exclude")
    silence = try Self.names(mapping, "silence", old: nil)
    try check(node)
  }

  /// All names are those of events, and exceptions need something that they are exceptions of.
  private func check(_ node: YAMLNode) throws(Diagnostic) {
    for name in (isForAll ? [] : error) + warn + silence where name != Self.deprecations {
      guard EventNames.all.contains(name) else {
        throw Diagnostic(
          "unknown-event", .usage, "\(name) is not a valid dbt error name.", range: node.range,
          hint: NearestName.of(name, among: EventNames.all).map { "did you mean `\($0)`?" })
      }
    }
    guard warn.isEmpty || isForAll || error.contains(Self.deprecations) || silence.contains(Self.deprecations) else {
      throw Diagnostic(
        "bad-warn-error-options", .usage,
        "`warn` can only be specified if `error` is one of ('all', '*') or Deprecations is in `error` or silence.",
        range: node.range)
    }
  }

  var usesOldNames: Bool { !old.isEmpty }

  /// The warning about names of old.
  var oldNames: Diagnostic {
    let shown = old.map { "`\($0)`" }.joined(separator: " and ")
    let advice = old.map { " Please use `\($0 == "include" ? "error" : "warn")` instead of `\($0)`." }.joined()
    var warning = Diagnostic(
      "warn-error-names", .usage, "Found \(shown) in `warn_error_options` specification.\(advice)", severity: .warning)
    warning.facts = old.map { ("found_\($0)", "True") }
    return warning
  }

  /// The name that stands for all deprecations: warnings whose code begins with D.
  static let deprecations = "Deprecations"

  /// Whether a warning counts as an error: named ones first, then deprecations, then all; what is silenced or kept a
  /// warning by name, or as one of the deprecations, is none.
  public func raises(_ event: String, code: String) -> Bool {
    let isDeprecation = code.hasPrefix("D")
    if warn.contains(event) || silence.contains(event) { return false }
    if error.contains(event) { return true }
    if isDeprecation, warn.contains(Self.deprecations) || silence.contains(Self.deprecations) { return false }
    return (isDeprecation && error.contains(Self.deprecations)) || isForAll
  }

  /// Whether a warning is not to be shown.
  public func silences(_ event: String, code: String) -> Bool {
    if silence.contains(event) { return true }
    return code.hasPrefix("D") && silence.contains(Self.deprecations) && !error.contains(event) && !warn.contains(event)
  }

  private var isForAll: Bool { error == ["all"] || error == ["*"] }

  private static func names(_ mapping: YAMLMapping, _ key: String, old: String?) throws(Diagnostic) -> [String] {
    if let old, let entry = mapping.entry(old), let other = mapping[key], !other.isNull, !entry.value.isNull {
      throw Diagnostic(
        "two-names", .runtime, "Only `\(old)` or `\(key)` can be given in `warn_error_options`, not both",
        range: entry.key.range)
    }
    guard let node = mapping[key] ?? old.flatMap({ mapping[$0] }), !node.isNull else { return [] }
    if let text = node.string { return [text] }
    if let names = node.strings { return names }
    throw Diagnostic(
      "bad-warn-error-options", .usage, "`\(key)` must be a list of names of warnings, or \"all\"", range: node.range)
  }
}
