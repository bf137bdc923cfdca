/// One thing a user should know about: what is wrong, where, and what to do.
///
/// A diagnostic is plain data; only `DiagnosticRenderer` turns it into text. `kind` is the sort of error dbt would
/// name ("Compilation Error", "Database Error", …) because people and programs look for those words.
public struct Diagnostic: Error, Sendable {
  public enum Severity: String, Sendable { case error, warning, note }

  /// The kinds of error dbt distinguishes.
  public enum Kind: Sendable {
    case compilation, parsing, database, runtime, dependency, validation, usage, `internal`, connection, contract
    case project, profile

    /// The words dbt prints.
    public var title: String {
      switch self {
      case .compilation: "Compilation Error"
      case .parsing: "Parsing Error"
      case .database: "Database Error"
      case .runtime, .project, .profile: "Runtime Error"
      case .dependency: "Dependency Error"
      case .validation: "Validation Error"
      case .usage: "Usage Error"
      case .internal: "Internal Error"
      case .connection: "Connection Error"
      case .contract: "Contract Error"
      }
    }
  }

  /// A second place that belongs to the story ("first defined here", "called from macro x").
  public struct Note: Sendable {
    public var message: String
    public var range: SourceRange?
    public init(_ message: String, range: SourceRange? = nil) {
      self.message = message
      self.range = range
    }
  }

  /// One step of the way to an error through macros.
  public struct Call: Sendable {
    /// What was running: `macro star`; nil for the outermost template, which whoever rendered it can name.
    public var name: String?
    /// Where it was: at the error, for the first; at the call of the step before, for the others.
    public var range: SourceRange?
    public init(name: String?, range: SourceRange?) {
      self.name = name
      self.range = range
    }
  }

  /// Stable, for documentation and for programs: lower-case words with hyphens, such as `unknown-ref`.
  public var code: String
  public var severity: Severity
  public var kind: Kind
  /// One sentence or a few lines; no trailing newline.
  public var message: String
  public var range: SourceRange?
  public var notes: [Note]
  /// The calls that led there, innermost first.
  public var calls: [Call] = []
  /// What to do about it.
  public var hint: String?
  /// The resource it is about, as dbt names it in the headline: `model orders (models/orders.sql)`.
  public var subject: String?
  /// What it is about, for programs: values by the names that dbt gives them in the event of the same warning.
  public var facts: [(name: String, value: String)] = []

  public init(
    _ code: String, _ kind: Kind, _ message: String, severity: Severity = .error, range: SourceRange? = nil,
    notes: [Note] = [], hint: String? = nil
  ) {
    self.code = code
    self.kind = kind
    self.message = message
    self.severity = severity
    self.range = range
    self.notes = notes
    self.hint = hint
  }

  /// The line above the message: `Compilation Error in model orders (models/orders.sql)`.
  public var headline: String { subject.map { "\(kind.title) in \($0)" } ?? kind.title }
}

/// Several diagnostics found together, thrown as one error.
public struct Diagnostics: Error, Sendable {
  public var all: [Diagnostic]
  public init(_ all: [Diagnostic]) { self.all = all }
}
