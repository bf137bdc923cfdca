import Artifacts
import Compiler
import Diagnostics
import Files
import Jinja
import Manifest
import Project
import Runner

/// What run_results.json tells of the last command: which it was, with what options, and how its nodes ended. `retry`
/// goes on from there (https://docs.getdbt.com/reference/commands/retry).
struct PreviousCommand {
  let which: String
  private let arguments: ConfigDict
  private let results: [ConfigDict]
  /// When the command began, seconds since 1970.
  let startedAt: Int?

  /// - Parameter folder: where artifacts are, as the user would write it.
  init(folder: String, root: String) throws {
    let path = Path.join(Path.absolute(folder, from: root), "run_results.json")
    guard let bytes = try? FileSystem.read(path),
      let artifact = JSONParser.parse(String(decoding: bytes, as: UTF8.self))?.asDict
    else {
      throw Diagnostic(
        "no-previous-run", .runtime, "Could not find previous run in '\(folder)' target directory")
    }
    arguments = artifact["args"]?.asDict ?? ConfigDict()
    which = arguments["which"]?.asString ?? ""
    results = (artifact["results"]?.asList ?? []).compactMap(\.asDict)
    let metadata = artifact["metadata"]?.asDict
    let time = metadata?["invocation_started_at"]?.asString ?? metadata?["generated_at"]?.asString
    startedAt = try time.flatMap { try RunSettings.Window(start: $0, end: nil).start }
  }

  // MARK: Options

  /// Options that a repetition takes over, by their names in artifacts. Folders and logs are those of the new command.
  private static let switches = [
    "defer", "empty", "fail_fast", "favor_state", "full_refresh", "introspect", "partial_parse", "populate_cache",
    "print", "single_threaded", "store_failures", "use_colors", "version_check", "write_json",
  ]
  private static let valued = [
    "event_time_end", "event_time_start", "printer_width", "profile", "sample", "state", "target", "threads", "vars",
    "warn_error_options",
  ]
  /// What the new command line may say otherwise.
  private static let replaceable = ["threads", "vars"]

  /// The last command's options, with what the new command line gives where that counts.
  func options(given: ProjectOptions) throws -> ProjectOptions {
    var line: [String] = []
    let new = given.flags
    for name in Self.switches {
      guard let value = arguments[name]?.asBool else { continue }
      line.append((value ? "--" : "--no-") + Self.option(name))
    }
    for name in Self.valued where !(Self.replaceable.contains(name) && isGiven(name, given)) {
      guard let text = Self.text(arguments[name]) else { continue }
      line += ["--\(Self.option(name))", text]
    }
    for name in ["log_path", "profiles_dir", "project_dir", "defer_state", "target_path"] {
      if case .string(let path)? = new[name] { line += ["--\(Self.option(name))", path] }
    }
    if let threads = given.threads { line += ["--threads", "\(threads)"] }
    if let vars = given.vars { line += ["--vars", vars] }
    if let tenant = given.tenant { line += ["--tenant", tenant] }
    if given.warnError ?? false { line.append("--warn-error") }
    return try ProjectOptions.parse(line)
  }

  private func isGiven(_ name: String, _ options: ProjectOptions) -> Bool {
    name == "vars" ? options.vars != nil : options.flags[name] != nil
  }

  private static func option(_ name: String) -> String { String(name.map { $0 == "_" ? "-" : $0 }) }

  /// A value as the command line takes it; nil for what says nothing.
  private static func text(_ value: ConfigValue?) -> String? {
    switch value {
    case nil, .null?: nil
    case .dict(let dict)?:
      dict.entries.allSatisfy({ $0.value.asList?.isEmpty ?? false }) ? nil : json(.dict(dict))
    case let value?: value.text
    }
  }

  private static func json(_ value: ConfigValue) -> String {
    var out = JSONSink(capacity: 256)
    out.value(value)
    return String(decoding: out.bytes, as: UTF8.self)
  }

  /// The macro and arguments of a `run-operation`.
  var operation: (macro: String, arguments: String)? {
    guard let macro = arguments["macro"]?.asString else { return nil }
    return (macro, Self.text(arguments["args"]) ?? "{}")
  }

  /// What the command had of its own: the macro of `run-operation`, what was selected, …
  var ownOptions: [String: FlagValue] {
    var out: [String: FlagValue] = [:]
    for name in ["exclude", "exclude_resource_types", "resource_types", "select"] {
      if let texts = arguments[name]?.asStrings { out[name] = .strings(texts) }
    }
    for name in ["include_saved_query", "show"] {
      if let flag = arguments[name]?.asBool { out[name] = .bool(flag) }
    }
    if let selector = arguments["selector"]?.asString { out["selector"] = .string(selector) }
    if let operation {
      out["macro"] = .string(operation.macro)
      if operation.arguments != "{}" { out["args"] = .string(operation.arguments) }
    }
    return out
  }

  // MARK: Results

  private static let retried: Set<String> = ["error", "fail", "skipped", "runtime error", "partial success"]

  /// The nodes to run again; hooks come with every run anyway.
  func unfinished(warningsToo: Bool) -> [String] {
    results.compactMap { result in
      guard let id = result["unique_id"]?.asString, let status = result["status"]?.asString,
        Self.retried.contains(status) || (warningsToo && status == "warn"),
        which == "run-operation" || !id.hasPrefix("operation.")
      else { return nil }
      return id
    }
  }

  /// The batches to run again of models of which some batches succeeded; the others start over.
  func failedBatches() throws -> [String: RunSettings.Window.Retried] {
    var out: [String: RunSettings.Window.Retried] = [:]
    for result in results {
      guard let id = result["unique_id"]?.asString, let batches = result["batch_results"]?.asDict else { continue }
      let successful = Self.pairs(batches["successful"])
      let failed = Self.pairs(batches["failed"])
      guard !successful.isEmpty, !failed.isEmpty else { continue }
      let windows = try failed.map { try RunSettings.Window(start: $0.0, end: $0.1) }
      out[id] = RunSettings.Window.Retried(
        failed: windows.compactMap { window in
          guard let start = window.start, let end = window.end else { return nil }
          return (start, end)
        }, successful: successful)
    }
    return out
  }

  private static func pairs(_ value: ConfigValue?) -> [(String, String)] {
    (value?.asList ?? []).compactMap(\.asStrings).filter { $0.count == 2 }.map { ($0[0], $0[1]) }
  }
}
