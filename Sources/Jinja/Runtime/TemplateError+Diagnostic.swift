import Diagnostics

extension TemplateError {
  /// The error as people are shown it: the place, and the macros that led there.
  public var diagnostic: Diagnostic {
    if let diagnostic = underlying as? Diagnostic {
      var shown = diagnostic
      if shown.range == nil { shown.range = range }
      shown.notes += notes
      return shown
    }
    let message = kind == .notFound ? "template not found: \(self.message)" : self.message
    return Diagnostic("jinja-\(code)", .compilation, message, range: range, notes: notes, hint: hint)
  }

  private var notes: [Diagnostic.Note] {
    chain.map { Diagnostic.Note("in \($0.name)\($0.range == nil ? "" : ", called here")", range: $0.range) }
  }

  private var code: String {
    switch kind {
    case .notFound: "template-not-found"
    case .zeroDivision: "zero-division"
    default: kind.rawValue
    }
  }

  /// The line of the error, from 1; nil when no place is known.
  public var line: Int? { range?.start.line }
}
