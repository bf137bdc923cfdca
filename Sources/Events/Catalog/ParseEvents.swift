/// Reading and parsing a project.
extension Event {
  public static func foundStats(_ line: String) -> Event {
    Event("FoundStats", "W006", .info, "Found \(line)", data: [("stat_line", .string(line))])
  }

  /// A warning; `message` has no prefix.
  public static func warning(
    _ name: String, _ code: String, _ message: String, data: [(String, EventValue)] = [], node: NodeInfo? = nil
  ) -> Event {
    Event(name, code, .warn, "[\(ANSI.yellow("WARNING"))]: \(message)", node: node, data: data)
  }

  public static func noNodesForSelectionCriteria(_ text: String) -> Event {
    let message = "The selection criterion '\(text)' does not match any enabled nodes"
    return Event("NoNodesForSelectionCriteria", "M030", .warn, message, data: [("spec_raw", .string(text))])
  }

  public static func unusedConfigPaths(_ paths: [String]) -> Event {
    warning(
      "UnusedResourceConfigPath", "I051",
      "Configuration paths exist in your dbt_project.yml file which do not apply to any resources.\nThere are "
        + "\(paths.count) unused configuration paths:\n" + paths.map { "- \($0)" }.joined(separator: "\n"),
      data: [("unused_config_paths", .list(paths.map { .string($0) }))])
  }

  /// `--state` names the folder that this run is about to write into.
  public static func stateIsTarget(_ folder: String) -> Event {
    Event(
      "WarnStateTargetEqual", "I072", .warn,
      ANSI.yellow(
        "Warning: The state and target directories are the same: '\(folder)'. This could lead to missing changes due to "
          + "overwritten state including non-idempotent retries."),
      data: [("state_path", .string(folder))])
  }

  public static func noNodesSelected() -> Event {
    Event("NoNodesSelected", "Q038", .warn, "No nodes selected!")
  }

  public static func jinjaLog(_ message: String, info: Bool) -> Event {
    Event(
      info ? "JinjaLogInfo" : "JinjaLogDebug", info ? "I062" : "I063", info ? .info : .debug, message,
      inheritsNode: true, data: [("msg", .string(message))])
  }

  public static func jinjaWarning(_ message: String) -> Event {
    Event("JinjaLogWarning", "I061", .warn, message, data: [("msg", .string(message))])
  }
}
