/// Which flags there are: dbt's name, its variable in the environment, whether `flags:` may set it, where it is kept.
enum FlagTable {
  typealias BoolPath = WritableKeyPath<Flags, Bool> & Sendable
  typealias TextPath = WritableKeyPath<Flags, String?> & Sendable
  typealias NamePath = WritableKeyPath<Flags, String> & Sendable
  typealias NumberPath = WritableKeyPath<Flags, Int> & Sendable

  static let switches: [(name: String, inProject: Bool, path: BoolPath)] = [
    ("cache_selected_only", true, \.cacheSelectedOnly),
    ("clean_project_files_only", false, \.cleanProjectFilesOnly),
    ("debug", true, \.debug),
    ("defer", false, \.defer),
    ("empty", false, \.empty),
    ("export_saved_queries", false, \.exportSavedQueries),
    ("fail_fast", true, \.failFast),
    ("favor_state", false, \.favorState),
    ("full_refresh", false, \.fullRefresh),
    ("introspect", false, \.introspect),
    ("log_cache_events", false, \.logCacheEvents),
    ("macro_debugging", false, \.macroDebugging),
    ("partial_parse", true, \.partialParse),
    ("partial_parse_file_diff", false, \.partialParseFileDiff),
    ("populate_cache", true, \.populateCache),
    ("print", false, \.print),
    ("quiet", false, \.quiet),
    ("send_anonymous_usage_stats", true, \.sendAnonymousUsageStats),
    ("show_all_deprecations", false, \.showAllDeprecations),
    ("show_resource_report", false, \.showResourceReport),
    ("single_threaded", false, \.singleThreaded),
    ("static_parser", true, \.staticParser),
    ("store_failures", false, \.storeFailures),
    ("upload_to_artifacts_ingest_api", false, \.uploadToArtifactsIngestAPI),
    ("use_colors", true, \.useColors),
    ("use_colors_file", true, \.useColorsFile),
    ("use_experimental_parser", true, \.useExperimentalParser),
    ("use_fast_test_edges", false, \.useFastTestEdges),
    ("version_check", true, \.versionCheck),
    ("warn_error", true, \.warnError),
    ("write_json", true, \.writeJSON),
  ]

  static let texts: [(name: String, path: TextPath)] = [
    ("defer_state", \.deferState), ("event_time_end", \.eventTimeEnd), ("event_time_start", \.eventTimeStart),
    ("log_path", \.logPath), ("partial_parse_file_path", \.partialParseFilePath), ("profile", \.profile),
    ("profiles_dir", \.profilesDirectory), ("project_dir", \.projectDirectory), ("sample", \.sample),
    ("state", \.state), ("target", \.target), ("target_path", \.targetPath),
  ]

  static let formats = ["text", "debug", "json", "default"]
  static let levels = ["debug", "info", "warn", "error", "none"]

  /// All of these may be set under `flags:`.
  static let choices: [(name: String, values: [String], path: NamePath)] = [
    ("log_format", formats, \.logFormat), ("log_format_file", formats, \.logFormatFile),
    ("log_level", levels, \.logLevel), ("log_level_file", levels, \.logLevelFile),
  ]

  static let numbers: [(name: String, inProject: Bool, path: NumberPath)] = [
    ("log_file_max_bytes", false, \.logFileMaximumBytes), ("printer_width", true, \.printerWidth),
  ]

  static let lists: [(name: String, variable: String, path: WritableKeyPath<Flags, [String]> & Sendable)] = [
    ("resource_types", "RESOURCE_TYPES", \.resourceTypes),
    ("exclude_resource_types", "EXCLUDE_RESOURCE_TYPES", \.excludedResourceTypes),
  ]

  /// Old variables that still count, and win, as in dbt; `DBT_NO_PRINT` means the opposite of its new name.
  static let oldVariables: [(variable: String, name: String, inverted: Bool)] = [
    ("DBT_DEFER_TO_STATE", "defer", false), ("DBT_FAVOR_STATE_MODE", "favor_state", false),
    ("DBT_NO_PRINT", "print", true),
  ]

  /// The names `flags:` may hold.
  static let projectNames: Set<String> = {
    var names: Set = ["indirect_selection", "warn_error_options"]
    names.formUnion(switches.filter(\.inProject).map(\.name))
    names.formUnion(choices.map(\.name))
    names.formUnion(numbers.filter(\.inProject).map(\.name))
    names.formUnion(BehaviorFlag.allCases.map(\.rawValue))
    return names
  }()

  /// What may follow `DBT_ENGINE_`.
  static let variableNames: Set<String> = {
    var names: Set = [
      "HOST", "INDIRECT_SELECTION", "SQLPARSE", "WARN_ERROR_OPTIONS", "DEFER_TO_STATE", "FAVOR_STATE_MODE", "NO_PRINT",
      "ARTIFACT_STATE_PATH", "INCLUDE_SAVED_QUERY", "INVOCATION_ENV", "RECORDED_FILE_PATH", "TEST_STATE_MODIFIED",
      "PACKAGE_HUB_URL", "DOWNLOAD_DIR", "PP_FILE_DIFF_TEST", "PP_TEST",
    ]
    for name in switches.map(\.name) + texts.map(\.name) + choices.map(\.name) + numbers.map(\.name) {
      names.insert(name.uppercased())
    }
    names.formUnion(lists.map(\.variable))
    return names
  }()
}
