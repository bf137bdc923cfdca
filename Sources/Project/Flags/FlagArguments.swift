/// What a command's artifacts and templates see of flags (`args` of run_results, `invocation_args_dict`).
extension Flags {
  /// Switches that are left out while they are off.
  private static let hiddenWhileOff: Set<String> = [
    "debug", "full_refresh", "fail_fast", "warn_error", "single_threaded", "log_cache_events", "store_failures",
    "use_experimental_parser",
  ]

  /// Flags that only some commands have.
  private static let own: [String: Set<String>] = [
    "clean_project_files_only": ["clean"],
    "empty": ["build", "compile", "run", "snapshot"],
    "exclude_resource_types": ["build", "clone", "list", "test"],
    "export_saved_queries": ["build"],
    "resource_types": ["build", "clone", "list", "test"],
  ]

  /// What `run-operation`, which has options of its own kind, does not show.
  private static let missingInOperations: Set<String> = ["log_path", "project_dir"]

  /// Behaviour flags that are no arguments.
  private static let unseen: Set<BehaviorFlag> = [
    .requireEventNamesInDeprecations, .enableTruthyNullsEquals, .skipAutocommitTransactionStatements,
  ]

  /// The flags of a command by dbt's names, whoever set them, without what has no value.
  /// - Parameter command: dbt's name of it: `run`, `run-operation`, `generate`.
  public func arguments(of command: String) -> [String: FlagValue] {
    var out: [String: FlagValue] = ["strict_mode": .bool(false)]
    let isOperation = command == "run-operation"
    func has(_ name: String) -> Bool {
      Self.own[name]?.contains(command) ?? !(isOperation && Self.missingInOperations.contains(name))
    }
    for row in FlagTable.switches where has(row.name) {
      let isOn = self[keyPath: row.path]
      if isOperation, row.name == "warn_error", !given.contains(row.name) { continue }
      if isOn || isOperation || !Self.hiddenWhileOff.contains(row.name) { out[row.name] = .bool(isOn) }
    }
    for row in FlagTable.texts where has(row.name) {
      if let text = self[keyPath: row.path] { out[row.name] = .string(text) }
    }
    for row in FlagTable.choices { out[row.name] = .string(self[keyPath: row.path]) }
    for row in FlagTable.numbers { out[row.name] = .int(self[keyPath: row.path]) }
    for row in FlagTable.lists where has(row.name) {
      out[row.name] = .strings(self[keyPath: row.path])
    }
    for flag in BehaviorFlag.allCases where !Self.unseen.contains(flag) { out[flag.rawValue] = .bool(self[flag]) }
    out["indirect_selection"] = .string(indirectSelection.rawValue)
    if let threads { out["threads"] = .int(threads) }
    return out
  }
}
