import Compiler
import Diagnostics
import Jinja

/// Any error as text for a person: what kind, what is wrong, where, a hint; several one after the other.
enum ErrorText {
  static func of(_ error: any Error, color: Bool = false) -> String {
    switch error {
    case let error as Diagnostics: return error.all.map { text($0, color) }.joined(separator: "\n\n")
    case let error as Diagnostic: return text(error, color)
    default:
      let failure = ExecutionError(any: error)
      if var diagnostic = failure.diagnostic {
        diagnostic.kind = failure.kind
        diagnostic.message = failure.message
        return text(diagnostic, color)
      }
      return text(Diagnostic("error", failure.kind, failure.message), color)
    }
  }

  private static func text(_ diagnostic: Diagnostic, _ color: Bool) -> String {
    let renderer = DiagnosticRenderer(color: color)
    return ([diagnostic.headline] + renderer.body(diagnostic)).joined(separator: "\n")
  }
}
