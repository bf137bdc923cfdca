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
    func note(_ site: CallSite) -> Diagnostic.Note {
      Diagnostic.Note("in \(site.name)\(site.range == nil ? "" : ", called here")", range: site.range)
    }
    // A runaway recursion has a long story that says little.
    guard chain.count > 12 else { return chain.map(note) }
    return chain.prefix(6).map(note) + [Diagnostic.Note("and \(chain.count - 9) more calls like these")]
      + chain.suffix(3).map(note)
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
