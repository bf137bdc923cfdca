import Manifest

/// What the command line says of a run.
public struct RunSettings: Sendable {
  public enum Command: String, Sendable {
    case run, test, seed, snapshot, build, compile, show, clone, freshness
  }
  public var command: Command
  /// Nothing runs after an error, and the error is all that is left of the run: so it is where nothing but SQL is made.
  public var stopsAtFirstError: Bool { command == .compile || command == .show }
  public var threads = 1
  public var failFast = false
  /// Ephemeral models are put in front of what reads them.
  public var injectsCTEs = true
  /// Ephemeral models count as results (`compile` and `show`, which are asked for them).
  public var keepsEphemerals = false
  /// Warnings are errors.
  public var warnError = false
  /// A package may replace a built-in materialization only when `dispatch` says so.
  public var explicitOverrides = true
  /// Runs `on-run-start` and `on-run-end`.
  public var runsHooks = true
  public var targetName = ""
  public var skipsNodesWhenStartFails = false
  public var window = Window()

  /// The time that microbatch models cover.
  public struct Window: Sendable {
    /// `--event-time-start` and `--event-time-end`, seconds since 1970.
    public var start: Int?
    public var end: Int?
    /// Where time ends when nothing else says so: when the command began, the first one if this repeats it.
    public var now: Int?
    /// Batches to repeat (`retry`), by unique id.
    public var retried: [String: Retried] = [:]
    /// What an earlier run left of a microbatch model.
    public struct Retried: Sendable {
      /// To run again.
      public var failed: [(start: Int, end: Int)]
      /// Done before, as the artifact names them; they count as this run's too.
      public var successful: [(String, String)]

      public init(failed: [(start: Int, end: Int)], successful: [(String, String)]) {
        self.failed = failed
        self.successful = successful
      }
    }

    public init() {}

    public init(start: String?, end: String?) throws {
      self.start = try start.map { try BatchWindow.parse($0) }
      self.end = try end.map { try BatchWindow.parse($0) }
    }
  }
  /// How many rows `show` fetches; nil: all.
  public var showLimit: Int?

  public init(_ command: Command) { self.command = command }
}
