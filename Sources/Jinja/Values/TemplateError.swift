import Diagnostics

/// What went wrong while a template was read or rendered.
///
/// The place and the chain of macro calls are filled in by the interpreter as the error passes through frames; whoever
/// throws says only what is wrong. A reference, so that throwing costs one allocation.
public final class TemplateError: Error, @unchecked Sendable {
  /// The classes of error that Python and Jinja2 distinguish.
  public enum Kind: String, Sendable {
    case syntax, undefined, type, value, runtime, security, notFound
    case zeroDivision, overflow, key, index, attribute, recursion, limit
    /// Raised by the host (`exceptions.raise_compiler_error`, a database error, …): `underlying` holds it.
    case host
  }

  public struct CallSite: Sendable {
    /// The macro (or block, or included template) that was running.
    public var name: String
    public var range: SourceRange?
    public init(name: String, range: SourceRange?) {
      self.name = name
      self.range = range
    }
  }

  public let kind: Kind
  public var message: String
  public var range: SourceRange?
  /// Innermost first.
  public var chain: [CallSite] = []
  public var hint: String?
  /// The host's own error.
  public var underlying: (any Error)?

  public init(
    _ kind: Kind, _ message: String, range: SourceRange? = nil, hint: String? = nil, underlying: (any Error)? = nil
  ) {
    self.kind = kind
    self.message = message
    self.range = range
    self.hint = hint
    self.underlying = underlying
  }
}

/// Leaves the running macro with a value of any type (dbt's `return`). Thrown by a host's function; caught where a
/// macro is called.
public final class ReturnSignal: Error, @unchecked Sendable {
  public let value: Value
  public init(_ value: Value) { self.value = value }
}
