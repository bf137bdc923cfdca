import Compiler
import Events
import Manifest

/// How a node ended; raw values are dbt's (https://docs.getdbt.com/reference/artifacts/run-results-json).
public enum NodeStatus: String, Sendable {
  case success, error, skipped, pass, fail, warn
  case partialSuccess = "partial success"
  case noOp = "no-op"
  case runtimeError = "runtime error"

  /// Whether the command as a whole failed because of it.
  public var isFailure: Bool {
    switch self {
    case .error, .fail, .runtimeError, .skipped, .partialSuccess: true
    default: false
    }
  }
}

/// A stretch of time inside a node's run.
public struct Timing: Sendable {
  /// `compile` or `execute`.
  public var name: String
  public var started: Timestamp
  public var completed: Timestamp
  public init(_ name: String, started: Timestamp, completed: Timestamp) {
    self.name = name
    self.started = started
    self.completed = completed
  }
}

/// What one node's run gave. Filled by the thread that runs the node, and only read once it is among the results.
public final class NodeResult: @unchecked Sendable {
  public var resource: GraphResource
  public var status: NodeStatus
  public var message: String?
  /// Where the compiled file is wrong, to stand behind its path; for people, no artifact has it.
  public var errorPlace: String?
  public var timing: [Timing] = []
  public var threadID = "MainThread"
  /// Seconds.
  public var executionTime = 0.0
  /// Failing rows of a test.
  public var failures: Int?
  /// `_message`, `code`, `rows_affected`.
  public var response: ConfigDict = ConfigDict()
  public var batches: BatchResults?
  /// Of a unit test, which is no node that keeps it.
  public var compiledCode: String?
  public var compiledPath: String?
  /// Rows to show (`show`), of a source's freshness, …
  public var table: AgateTable?
  public var freshness: Freshness?

  public struct BatchResults: Sendable {
    /// Start and end of each, as ISO texts.
    public var successful: [(String, String)] = []
    public var failed: [(String, String)] = []

    public init(successful: [(String, String)] = [], failed: [(String, String)] = []) {
      self.successful = successful
      self.failed = failed
    }
  }

  public struct Freshness: Sendable {
    public var maxLoadedAt: String
    public var snapshottedAt: String
    /// Seconds.
    public var age: Double

    public init(maxLoadedAt: String, snapshottedAt: String, age: Double) {
      self.maxLoadedAt = maxLoadedAt
      self.snapshottedAt = snapshottedAt
      self.age = age
    }
  }

  public init(_ resource: GraphResource, _ status: NodeStatus, message: String? = nil) {
    self.resource = resource
    self.status = status
    self.message = message
  }

  public var node: Node? { resource as? Node }
}

extension NodeResult {
  /// Takes over what running gave.
  func take(_ outcome: NodeRunner.Outcome) {
    status = outcome.status
    message = outcome.message
    failures = outcome.failures
    response = outcome.response
    batches = outcome.batches
    table = outcome.table
    freshness = outcome.freshness
    compiledCode = outcome.compiledCode
    compiledPath = outcome.compiledPath
  }
}
