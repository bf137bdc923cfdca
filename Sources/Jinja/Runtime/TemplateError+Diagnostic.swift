import Diagnostics

extension TemplateError {
  /// The error as people are shown it: the place, and the macros that led there.
  public var diagnostic: Diagnostic {
    if let diagnostic = underlying as? Diagnostic {
      var shown = diagnostic
      if shown.range == nil { shown.range = range }
      shown.calls += calls
      return shown
    }
    let message = kind == .notFound ? "template not found: \(self.message)" : self.message
    var out = Diagnostic("jinja-\(code)", .compilation, message, range: range, hint: hint)
    out.calls = calls
    return out
  }

  /// The chain as steps: each with the place in it where the step before was called. A macro that the program runs by
  /// itself was called nowhere.
  private var calls: [Diagnostic.Call] {
    var out: [Diagnostic.Call] = []
    var place = range
    for site in chain {
      out.append(Diagnostic.Call(name: site.name, range: place))
      place = site.range
    }
    if !out.isEmpty { out.append(Diagnostic.Call(name: nil, range: place)) }
    // A runaway recursion has a long story that says little.
    guard out.count > 12 else { return out }
    return out.prefix(6) + [Diagnostic.Call(name: "\(out.count - 9) more calls like these", range: nil)] + out.suffix(3)
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
