import Diagnostics
import Jinja
import Postgres

/// Why a node failed, in dbt's classes of errors.
public struct ExecutionError: Error, Sendable, CustomStringConvertible {
  public var description: String { message }

  public var kind: Diagnostic.Kind
  /// What is wrong, without the kind; may have several lines.
  public var message: String
  public var diagnostic: Diagnostic?
  /// PostgreSQL's error, when it was one.
  public var database: PostgresError?
  /// The SQL that was sent, in which `database.position` lies.
  public var statement: String?
  /// The run as a whole should stop (dbt's FailFastError).
  public var stopsRun = false

  public init(
    _ kind: Diagnostic.Kind, _ message: String, diagnostic: Diagnostic? = nil, database: PostgresError? = nil
  ) {
    self.kind = kind
    self.message = message
    self.diagnostic = diagnostic
    self.database = database
  }

  public init(_ error: PostgresError) {
    self.init(.database, error.message.trimmingTrailingWhitespace, database: error)
  }

  /// Any error of a rendering or a statement as one of ours.
  public init(any error: any Error) {
    switch error {
    case let error as ExecutionError: self = error
    case let error as PostgresError: self.init(error)
    case let error as TemplateError:
      if let underlying = error.underlying {
        self.init(any: underlying)
        // A statement's failure is PostgreSQL's to explain; where the macro that sent it stands explains nothing.
        guard database == nil else { return }
        let place = error.diagnostic
        guard var known = diagnostic else {
          diagnostic = place
          return
        }
        if known.range == nil { known.range = place.range }
        if known.calls.isEmpty { known.calls = place.calls }
        diagnostic = known
      } else {
        let diagnostic = error.diagnostic
        self.init(diagnostic.kind, diagnostic.message, diagnostic: diagnostic)
      }
    case let error as Diagnostic: self.init(error.kind, error.message, diagnostic: error)
    case let error as Diagnostics:
      self.init(
        error.all.first?.kind ?? .runtime, error.all.map(\.message).joined(separator: "\n"),
        diagnostic: error.all.first)
    // A `return()` that no macro is there for.
    case let returned as ReturnSignal: self.init(.compilation, (try? returned.value.str(nil).string) ?? "")
    default: self.init(.runtime, "\(error)")
    }
  }
}

extension String {
  /// Python's `rstrip()` for ASCII white space.
  public var trimmingTrailingWhitespace: String {
    var view = self[...]
    while let last = view.unicodeScalars.last, last == " " || last == "\n" || last == "\t" || last == "\r" {
      view = view.unicodeScalars.dropLast().asSubstring
    }
    return String(view)
  }
}

extension Substring.UnicodeScalarView {
  fileprivate var asSubstring: Substring { Substring(self) }
}
