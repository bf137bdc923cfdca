import ArgumentParser
import Diagnostics
import Files
import Project

/// The options that every command of a project takes, with dbt's names
/// (https://docs.getdbt.com/reference/global-configs/about-global-configs). What is not given stays nil, so that the
/// environment and dbt_project.yml can speak.
struct ProjectOptions: ParsableArguments {
  @Option(name: .customLong("project-dir"), help: "The project's folder.") var projectDirectory: String?
  @Option(name: .customLong("profiles-dir"), help: "The folder with profiles.yml.") var profilesDirectory: String?
  @Option(help: "The profile to use.") var profile: String?
  @Option(name: [.customShort("t"), .long], help: "The profile's target to use.") var target: String?
  @Option(help: "Variables as YAML: --vars '{key: value}'.") var vars: String?
  @Option(help: "The tenant: sets TENANT_NAME, the variable tenant_name and so the target's database.")
  var tenant: String?
  @Option(help: "How many nodes run at once.") var threads: Int?
  @Option(name: .customLong("target-path"), help: "Where artifacts go.") var targetPath: String?
  @Option(name: .customLong("log-path"), help: "Where the log file goes.") var logPath: String?
  @Option(name: .customLong("log-format"), help: "text, debug, json or default.") var logFormat: String?
  @Option(name: .customLong("log-format-file"), help: "The log file's format.") var logFormatFile: String?
  @Option(name: .customLong("log-level"), help: "debug, info, warn, error or none.") var logLevel: String?
  @Option(name: .customLong("log-level-file"), help: "The log file's level.") var logLevelFile: String?
  @Option(name: .customLong("log-file-max-bytes"), help: "Bytes after which the log file is rotated.")
  var logFileMaximumBytes: Int?
  @Option(name: .customLong("printer-width"), help: "Width of the output in columns.") var printerWidth: Int?
  @Option(name: .customLong("warn-error-options"), help: "Which warnings are errors, as YAML.")
  var warnErrorOptions: String?
  @Option(help: "The folder with another run's artifacts, to compare with or defer to.") var state: String?
  @Option(name: .customLong("defer-state"), help: "The folder to defer to, when it is not --state.")
  var deferState: String?
  @Option(name: .customLong("event-time-start"), help: "The earliest event time of microbatches.")
  var eventTimeStart: String?
  @Option(name: .customLong("event-time-end"), help: "The latest event time of microbatches.") var eventTimeEnd: String?
  @Option(help: "Only a sample of time, such as '3 days'.") var sample: String?
  @Option(name: [.customShort("r"), .customLong("record-timing-info")], help: .hidden) var recordTiming: String?
  @Option(name: .customLong("sqlparse"), help: .hidden) var sqlparse: String?
  @Option(name: .customLong("partial-parse-file-path"), help: .hidden) var partialParseFilePath: String?

  @Flag(name: [.customShort("d"), .long], inversion: .prefixedNo, help: "Log everything on the console.") var debug:
    Bool?
  @Flag(name: [.customShort("q"), .long], inversion: .prefixedNo, help: "Print errors only, and what was asked for.")
  var quiet: Bool?
  @Flag(
    name: [.customShort("x"), .customLong("fail-fast")], inversion: .prefixedNo, help: "Stop at the first failure.")
  var failFast: Bool?
  @Flag(
    name: [.customShort("f"), .customLong("full-refresh")], inversion: .prefixedNo,
    help: "Build incremental models and seeds anew.")
  var fullRefresh: Bool?
  @Flag(name: .customLong("use-colors"), inversion: .prefixedNo, help: "Colours on the console.") var useColors: Bool?
  @Flag(name: .customLong("use-colors-file"), inversion: .prefixedNo, help: .hidden) var useColorsFile: Bool?
  @Flag(name: .customLong("no-color"), help: "The same as --no-use-colors.") var noColor = false
  @Flag(name: .customLong("warn-error"), inversion: .prefixedNo, help: "Warnings are errors.") var warnError: Bool?
  @Flag(
    name: .customLong("defer"), inversion: .prefixedNo,
    help: "Refer to --state's relations where this target lacks them.")
  var deferred: Bool?
  @Flag(
    name: .customLong("favor-state"), inversion: .prefixedNo,
    help: "Refer to --state's relations of what is not selected.")
  var favorState: Bool?
  @Flag(inversion: .prefixedNo, help: "Build with no rows.") var empty: Bool?
  @Flag(name: .customLong("store-failures"), inversion: .prefixedNo, help: "Keep failing rows in the database.")
  var storeFailures: Bool?
  @Flag(name: .customLong("write-json"), inversion: .prefixedNo, help: "Write artifacts.") var writeJSON: Bool?
  @Flag(inversion: .prefixedNo, help: "Print what Jinja's print() says.") var print: Bool?
  @Flag(inversion: .prefixedNo, help: "Allow queries while compiling.") var introspect: Bool?
  @Flag(name: .customLong("version-check"), inversion: .prefixedNo, help: "Check require-dbt-version.")
  var versionCheck: Bool?
  @Flag(name: .customLong("partial-parse"), inversion: .prefixedNo, help: .hidden) var partialParse: Bool?
  @Flag(name: .customLong("partial-parse-file-diff"), inversion: .prefixedNo, help: .hidden) var partialParseFileDiff:
    Bool?
  @Flag(name: .customLong("static-parser"), inversion: .prefixedNo, help: .hidden) var staticParser: Bool?
  @Flag(name: .customLong("use-experimental-parser"), inversion: .prefixedNo, help: .hidden) var experimentalParser:
    Bool?
  @Flag(name: .customLong("use-fast-test-edges"), inversion: .prefixedNo, help: .hidden) var fastTestEdges: Bool?
  @Flag(name: .customLong("populate-cache"), inversion: .prefixedNo, help: .hidden) var populateCache: Bool?
  @Flag(name: .customLong("cache-selected-only"), inversion: .prefixedNo, help: .hidden) var cacheSelectedOnly: Bool?
  @Flag(name: .customLong("log-cache-events"), inversion: .prefixedNo, help: .hidden) var logCacheEvents: Bool?
  @Flag(name: .customLong("send-anonymous-usage-stats"), inversion: .prefixedNo, help: .hidden) var usageStats: Bool?
  @Flag(name: .customLong("show-resource-report"), inversion: .prefixedNo, help: .hidden) var resourceReport: Bool?
  @Flag(name: .customLong("show-all-deprecations"), inversion: .prefixedNo, help: .hidden) var allDeprecations: Bool?
  @Flag(name: .customLong("upload-to-artifacts-ingest-api"), inversion: .prefixedNo, help: .hidden) var upload: Bool?
  @Flag(name: .customLong("macro-debugging"), inversion: .prefixedNo, help: .hidden) var macroDebugging: Bool?
  @Flag(name: .customLong("single-threaded"), inversion: .prefixedNo, help: "Run one node at a time.")
  var singleThreaded: Bool?
  @Flag(name: .customLong("export-saved-queries"), inversion: .prefixedNo, help: .hidden) var exportSavedQueries: Bool?

  func validate() throws {
    guard let projectDirectory, !FileSystem.exists(projectDirectory) else { return }
    throw ValidationError("Invalid value for '--project-dir': Path '\(projectDirectory)' does not exist.")
  }

  /// What was given, by dbt's names of flags.
  var flags: [String: FlagValue] {
    var out: [String: FlagValue] = [:]
    func set(_ name: String, _ value: Bool?) { if let value { out[name] = .bool(value) } }
    func set(_ name: String, _ value: String?) { if let value { out[name] = .string(value) } }
    func set(_ name: String, _ value: Int?) { if let value { out[name] = .int(value) } }
    set("project_dir", projectDirectory)
    set("profiles_dir", profilesDirectory)
    set("profile", profile)
    set("target", target)
    set("threads", threads)
    set("target_path", targetPath)
    set("log_path", logPath)
    set("log_format", logFormat)
    set("log_format_file", logFormatFile)
    set("log_level", logLevel)
    set("log_level_file", logLevelFile)
    set("log_file_max_bytes", logFileMaximumBytes)
    set("printer_width", printerWidth)
    set("warn_error_options", warnErrorOptions)
    set("state", state)
    set("defer_state", deferState)
    set("event_time_start", eventTimeStart)
    set("event_time_end", eventTimeEnd)
    set("sample", sample)
    set("debug", debug)
    set("quiet", quiet)
    set("fail_fast", failFast)
    set("full_refresh", fullRefresh)
    set("use_colors", noColor ? false : useColors)
    set("use_colors_file", useColorsFile)
    set("warn_error", warnError)
    set("defer", deferred)
    set("favor_state", favorState)
    set("empty", empty)
    set("store_failures", storeFailures)
    set("write_json", writeJSON)
    set("print", print)
    set("introspect", introspect)
    set("version_check", versionCheck)
    set("partial_parse", partialParse)
    set("populate_cache", populateCache)
    set("single_threaded", singleThreaded)
    set("partial_parse_file_diff", partialParseFileDiff)
    set("static_parser", staticParser)
    set("use_experimental_parser", experimentalParser)
    set("use_fast_test_edges", fastTestEdges)
    set("cache_selected_only", cacheSelectedOnly)
    set("log_cache_events", logCacheEvents)
    set("send_anonymous_usage_stats", usageStats)
    set("show_resource_report", resourceReport)
    set("show_all_deprecations", allDeprecations)
    set("upload_to_artifacts_ingest_api", upload)
    set("macro_debugging", macroDebugging)
    set("export_saved_queries", exportSavedQueries)
    return out
  }
}

/// Which nodes.
struct SelectionOptions: ParsableArguments {
  @Option(name: [.customShort("s"), .long], parsing: .upToNextOption, help: "Nodes to include.") var select: [String] =
    []
  @Option(name: [.customShort("m"), .long, .customLong("model")], parsing: .upToNextOption, help: .hidden)
  var models: [String] = []
  @Option(parsing: .upToNextOption, help: "Nodes to leave out.") var exclude: [String] = []
  @Option(help: "A selector of selectors.yml.") var selector: String?
  @Option(
    name: .customLong("indirect-selection"),
    help: "Which tests come with their nodes: eager, cautious, buildable, empty.")
  var indirectSelection: String?
  @Option(
    name: [.customLong("resource-type"), .customLong("resource-types")], parsing: .upToNextOption,
    help: "Only these types.")
  var resourceTypes: [String] = []
  @Option(
    name: [.customLong("exclude-resource-type"), .customLong("exclude-resource-types")], parsing: .upToNextOption,
    help: "Not these types.")
  var excludedResourceTypes: [String] = []

  /// What was given, by dbt's names of options.
  var flags: [String: FlagValue] {
    var out: [String: FlagValue] = ["select": .strings(select + models), "exclude": .strings(exclude)]
    if let selector { out["selector"] = .string(selector) }
    if let indirectSelection { out["indirect_selection"] = .string(indirectSelection) }
    if !resourceTypes.isEmpty { out["resource_types"] = .strings(resourceTypes) }
    if !excludedResourceTypes.isEmpty { out["exclude_resource_types"] = .strings(excludedResourceTypes) }
    return out
  }

  /// - Throws: when nodes are chosen although another option, which has a value, says what the command is about.
  func requireNone(beside option: String, _ value: String?) throws {
    guard value != nil else { return }
    let given = [("select", !chosen.isEmpty), ("selector", selector != nil)].first { $0.1 }
    if let given { throw Diagnostic("exclusive-options", .usage, "\(option): not allowed with argument \(given.0)") }
  }

  /// What to include, by either name of the option.
  var chosen: [String] { select + models }
}
