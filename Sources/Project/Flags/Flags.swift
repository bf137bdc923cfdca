import Diagnostics
import YAML

/// Everything that can be switched on the command line, by the environment or under `flags:`; dbt's names and defaults.
public struct Flags: Sendable {
  public var cacheSelectedOnly = false
  public var cleanProjectFilesOnly = true
  public var debug = false
  public var `defer` = false
  public var empty = false
  public var exportSavedQueries = false
  public var failFast = false
  public var favorState = false
  public var fullRefresh = false
  public var introspect = true
  public var logCacheEvents = false
  public var macroDebugging = false
  public var partialParse = true
  public var partialParseFileDiff = true
  public var populateCache = true
  public var print = true
  public var quiet = false
  public var sendAnonymousUsageStats = true
  public var showAllDeprecations = false
  public var showResourceReport = false
  public var singleThreaded = false
  public var staticParser = true
  public var storeFailures = false
  public var uploadToArtifactsIngestAPI = false
  public var useColors = true
  public var useColorsFile = true
  public var useExperimentalParser = false
  public var useFastTestEdges = false
  public var versionCheck = true
  public var warnError = false
  public var writeJSON = true

  public var deferState: String?
  public var eventTimeEnd: String?
  public var eventTimeStart: String?
  public var host = "127.0.0.1"
  public var indirectSelection = IndirectSelection.eager
  public var logFormat = "default"
  public var logFormatFile = "debug"
  public var logLevel = "info"
  public var logLevelFile = "debug"
  public var logPath: String?
  public var partialParseFilePath: String?
  public var profile: String?
  public var profilesDirectory: String?
  public var projectDirectory: String?
  public var sample: String?
  public var state: String?
  public var target: String?
  public var targetPath: String?

  /// Bytes.
  public var logFileMaximumBytes = 10 * 1024 * 1024
  public var printerWidth = 80
  /// Nil: the profile's.
  public var threads: Int?

  public var resourceTypes: [String] = []
  public var excludedResourceTypes: [String] = []
  public var warnErrorOptions = WarnErrorOptions()
  /// Only those that were set; see the subscript.
  public var behavior: [BehaviorFlag: Bool] = [:]
  /// The names that were given by anyone, in dbt's spelling: `fail_fast`.
  public var given: Set<String> = []

  public init() {}

  public subscript(_ flag: BehaviorFlag) -> Bool { behavior[flag] ?? flag.defaultValue }
}

/// A value given for a flag on the command line.
public enum FlagValue: Sendable, Hashable {
  case bool(Bool)
  case int(Int)
  case string(String)
  case strings([String])
}
