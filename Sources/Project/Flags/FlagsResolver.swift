import Diagnostics
import YAML

/// Joins what the command line, the environment and the project say about flags.
public struct FlagsResolver: Sendable {
  public struct Result: Sendable {
    public var flags: Flags
    public var warnings: [Diagnostic]
  }

  let environment: [String: String]

  public init(environment: [String: String]) { self.environment = environment }

  /// A variable of dbt's own: `DBT_ENGINE_X` wins over `DBT_X`; an empty one counts as not set.
  public func variable(_ name: String) -> String? {
    for key in ["DBT_ENGINE_" + name, "DBT_" + name] {
      if let value = environment[key], !value.isEmpty { return value }
    }
    return nil
  }

  /// - Parameters:
  ///   - commandLine: by dbt's name (`fail_fast`), only what was given.
  ///   - project: the `flags:` of dbt_project.yml (or, as of old, `config:` of profiles.yml).
  /// - Throws: a value of the wrong type or kind, with where it came from.
  public func resolve(commandLine: [String: FlagValue], project: YAMLNode?) throws(Diagnostic) -> Result {
    var result = Result(flags: Flags(), warnings: [])
    if let project { try apply(project, &result) }
    try applyEnvironment(&result.flags)
    result.warnings += renamedVariables()
    if result.flags.warnErrorOptions.usesOldNames { result.warnings.append(result.flags.warnErrorOptions.oldNames) }
    try apply(commandLine, &result.flags)
    follow(&result.flags, given: result.flags.given)
    for name in environment.keys.sorted() where name.hasPrefix("DBT_ENGINE_") {
      let rest = String(name.dropFirst("DBT_ENGINE_".count))
      guard !FlagTable.variableNames.contains(rest) else { continue }
      var warning = Diagnostic(
        "unknown-variable", .usage,
        "The variable `\(name)` means nothing: names that begin with `DBT_ENGINE_` are reserved.", severity: .warning,
        hint: NearestName.of(rest, among: FlagTable.variableNames).map { "did you mean DBT_ENGINE_\($0)?" })
      warning.facts = [("env_var", name), ("reserved_prefix", "DBT_ENGINE_")]
      result.warnings.append(warning)
    }
    if ["1", "t", "true", "y", "yes"].contains((environment["DO_NOT_TRACK"] ?? "").lowercased()) {
      result.flags.sendAnonymousUsageStats = false
    }
    return result
  }

  /// Some settings of the log file follow those of the console unless set themselves.
  private func follow(_ flags: inout Flags, given: Set<String>) {
    if given.contains("use_colors"), !given.contains("use_colors_file") { flags.useColorsFile = flags.useColors }
    if given.contains("log_level"), !given.contains("log_level_file") { flags.logLevelFile = flags.logLevel }
    if given.contains("log_format"), !given.contains("log_format_file") { flags.logFormatFile = flags.logFormat }
  }

  // MARK: - dbt_project.yml

  private func apply(_ node: YAMLNode, _ result: inout Result) throws(Diagnostic) {
    guard let mapping = node.mapping else {
      throw Diagnostic("wrong-type", .project, "`flags` must be a mapping, but is \(node.kindName)", range: node.range)
    }
    for entry in mapping.entries where !entry.value.isNull {
      let name = entry.key.scalar?.text ?? ""
      if try set(name, entry.value, &result.flags) { continue }
      result.warnings.append(
        Diagnostic(
          "unknown-flag", .project, "`\(name)` is no flag", severity: .warning, range: entry.key.range,
          hint: NearestName.of(name, among: FlagTable.projectNames).map { "did you mean `\($0)`?" }))
    }
  }

  /// False for a name that is no flag.
  private func set(_ name: String, _ node: YAMLNode, _ flags: inout Flags) throws(Diagnostic) -> Bool {
    func wrong(_ wanted: String) -> Diagnostic {
      Diagnostic(
        "wrong-type", .project, "the flag `\(name)` must be \(wanted), but is \(node.kindName)", range: node.range)
    }
    if let behavior = BehaviorFlag(rawValue: name) {
      guard let value = node.bool else { throw wrong("true or false") }
      flags.behavior[behavior] = value
    } else if let row = FlagTable.switches.first(where: { $0.name == name && $0.inProject }) {
      guard let value = node.bool else { throw wrong("true or false") }
      flags[keyPath: row.path] = value
    } else if let row = FlagTable.choices.first(where: { $0.name == name }) {
      flags[keyPath: row.path] = try choice(node.scalar?.text ?? "", name, row.values, node.range)
    } else if let row = FlagTable.numbers.first(where: { $0.name == name && $0.inProject }) {
      guard let value = node.int else { throw wrong("an integer") }
      flags[keyPath: row.path] = value
    } else if name == "indirect_selection" {
      flags.indirectSelection = try indirect(node.scalar?.text ?? "", node.range)
    } else if name == "warn_error_options" {
      flags.warnErrorOptions = try WarnErrorOptions(node)
    } else {
      return false
    }
    flags.given.insert(name)
    return true
  }

  // MARK: - The environment

  private func applyEnvironment(_ flags: inout Flags) throws(Diagnostic) {
    for row in FlagTable.switches {
      guard let text = variable(row.name.uppercased()) else { continue }
      flags[keyPath: row.path] = try bool(text, row.name.uppercased())
      flags.given.insert(row.name)
    }
    for old in FlagTable.oldVariables {
      guard let text = environment[old.variable], !text.isEmpty,
        let row = FlagTable.switches.first(where: { $0.name == old.name })
      else { continue }
      flags[keyPath: row.path] = try bool(text, old.variable) != old.inverted
      flags.given.insert(row.name)
    }
    for row in FlagTable.texts {
      guard let text = variable(row.name.uppercased()) else { continue }
      flags[keyPath: row.path] = text
      flags.given.insert(row.name)
    }
    if let path = environment["DBT_ARTIFACT_STATE_PATH"], !path.isEmpty { flags.state = path }
    for row in FlagTable.choices {
      guard let text = variable(row.name.uppercased()) else { continue }
      flags[keyPath: row.path] = try choice(text, row.name, row.values, nil)
      flags.given.insert(row.name)
    }
    for row in FlagTable.numbers {
      guard let text = variable(row.name.uppercased()) else { continue }
      guard let value = Int(text) else { throw badVariable(row.name.uppercased(), text, "an integer") }
      flags[keyPath: row.path] = value
      flags.given.insert(row.name)
    }
    for row in FlagTable.lists {
      guard let text = variable(row.variable) else { continue }
      flags[keyPath: row.path] = text.split(separator: " ").map(String.init)
      flags.given.insert(row.name)
    }
    if let text = variable("HOST") { flags.host = text }
    if let text = variable("INDIRECT_SELECTION") { flags.indirectSelection = try indirect(text, nil) }
    if let text = variable("WARN_ERROR_OPTIONS") { flags.warnErrorOptions = try options(text) }
  }

  /// Variables that still count under a name they had once.
  private func renamedVariables() -> [Diagnostic] {
    let renamed = FlagTable.oldVariables.map { ($0.variable, $0.name) } + [("DBT_ARTIFACT_STATE_PATH", "state")]
    return renamed.compactMap { old, name in
      guard environment[old] != nil else { return nil }
      let new = "DBT_ENGINE_\(name.uppercased())"
      var warning = Diagnostic(
        "renamed-variable", .usage,
        "The environment variable `\(old)` has been renamed as `\(new)`.\nWhile `\(old)` is set, it counts instead: set "
          + "the new one and unset the old one.", severity: .warning)
      warning.facts = [("new_name", new), ("old_name", old)]
      return warning
    }
  }

  private func badVariable(_ name: String, _ text: String, _ wanted: String) -> Diagnostic {
    Diagnostic("bad-variable", .usage, "the variable DBT_\(name) must be \(wanted), but is '\(text)'")
  }

  private func bool(_ text: String, _ name: String) throws(Diagnostic) -> Bool {
    switch text.lowercased() {
    case "1", "true", "t", "yes", "y", "on": return true
    case "0", "false", "f", "no", "n", "off": return false
    default: throw badVariable(name, text, "true or false")
    }
  }

  private func choice(
    _ text: String, _ name: String, _ values: [String], _ range: SourceRange?
  ) throws(Diagnostic) -> String {
    if values.contains(text.lowercased()) { return text.lowercased() }
    throw Diagnostic(
      "bad-choice", .usage,
      "'\(text)' is no \(name.replacing("_", with: " ")): one of \(values.joined(separator: ", "))",
      range: range, hint: NearestName.of(text, among: values).map { "did you mean `\($0)`?" })
  }

  private func indirect(_ text: String, _ range: SourceRange?) throws(Diagnostic) -> IndirectSelection {
    let name = try choice(text, "indirect_selection", IndirectSelection.allCases.map(\.rawValue), range)
    return IndirectSelection(rawValue: name) ?? .eager
  }

  private func options(_ text: String) throws(Diagnostic) -> WarnErrorOptions {
    let source = SourceText(name: "--warn-error-options", text: text)
    guard let node = try YAML.parse(source), !node.isNull else { return WarnErrorOptions() }
    return try WarnErrorOptions(node)
  }

  // MARK: - The command line

  private func apply(_ values: [String: FlagValue], _ flags: inout Flags) throws(Diagnostic) {
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      switch value {
      case .bool(let bool):
        guard let row = FlagTable.switches.first(where: { $0.name == name }) else { throw unknown(name) }
        flags[keyPath: row.path] = bool
      case .int(let int):
        if name == "threads" {
          flags.threads = int
        } else if let row = FlagTable.numbers.first(where: { $0.name == name }) {
          flags[keyPath: row.path] = int
        } else {
          throw unknown(name)
        }
      case .strings(let strings):
        guard let row = FlagTable.lists.first(where: { $0.name == name }) else { throw unknown(name) }
        flags[keyPath: row.path] = strings
      case .string(let text):
        if let row = FlagTable.texts.first(where: { $0.name == name }) {
          flags[keyPath: row.path] = text
        } else if let row = FlagTable.choices.first(where: { $0.name == name }) {
          flags[keyPath: row.path] = try choice(text, name, row.values, nil)
        } else if name == "host" {
          flags.host = text
        } else if name == "indirect_selection" {
          flags.indirectSelection = try indirect(text, nil)
        } else if name == "warn_error_options" {
          flags.warnErrorOptions = try options(text)
        } else {
          throw unknown(name)
        }
      }
      flags.given.insert(name)
    }
    if values["warn_error"] == .bool(true), values["warn_error_options"] != nil {
      throw Diagnostic("exclusive-flags", .usage, "--warn-error and --warn-error-options can't both be given")
    }
  }

  private func unknown(_ name: String) -> Diagnostic {
    Diagnostic("unknown-flag", .usage, "`\(name)` is no flag of this kind")
  }
}
