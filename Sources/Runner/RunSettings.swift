import Manifest

/// What the command line says of a run.
public struct RunSettings: Sendable {
  public enum Command: String, Sendable {
    case run, test, seed, snapshot, build, compile, show, clone, freshness
  }
  public var command: Command
  public var threads = 1
  public var failFast = false
  /// Warnings are errors.
  public var warnError = false
  /// A package may replace a built-in materialization only when `dispatch` says so.
  public var explicitOverrides = true
  /// Runs `on-run-start` and `on-run-end`.
  public var runsHooks = true
  public var targetName = ""
  public var skipsNodesWhenStartFails = false

  public init(_ command: Command) { self.command = command }
}
