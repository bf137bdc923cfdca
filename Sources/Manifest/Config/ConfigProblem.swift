import Diagnostics

/// What is wrong with a configuration, without its place; whoever knows the file adds it.
public struct ConfigProblem: Error, Sendable, Equatable {
  /// Lower-case words with hyphens: `config-type`, `config-value`.
  public var code: String
  /// In dbt's words where dbt has any.
  public var message: String
  /// The key at fault, to find its place in the file.
  public var key: String?
  public var hint: String?

  public init(_ code: String, _ message: String, key: String? = nil, hint: String? = nil) {
    self.code = code
    self.message = message
    self.key = key
    self.hint = hint
  }

  public func diagnostic(range: SourceRange?) -> Diagnostic {
    Diagnostic(code, .parsing, message, range: range, hint: hint)
  }
}
