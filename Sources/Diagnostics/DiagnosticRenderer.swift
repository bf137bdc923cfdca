/// Diagnostics as text: a headline, `--> file:line:column`, the line with carets under the range, notes, a hint.
public struct DiagnosticRenderer: Sendable {
  public var color: Bool

  public init(color: Bool = false) { self.color = color }

  /// The whole diagnostic, lines joined by newlines, none at the end.
  public func render(_ diagnostic: Diagnostic) -> String {
    var lines = [headline(diagnostic)]
    lines += body(diagnostic)
    return lines.joined(separator: "\n")
  }

  private func headline(_ diagnostic: Diagnostic) -> String {
    let word: String
    switch diagnostic.severity {
    case .error: word = paint(diagnostic.headline, "1;31")
    case .warning: word = paint("Warning", "1;33")
    case .note: word = paint("Note", "1;36")
    }
    return "\(word) [\(diagnostic.code)]"
  }

  /// Everything below the headline.
  public func body(_ diagnostic: Diagnostic) -> [String] {
    diagnostic.message.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" } + details(diagnostic)
  }

  /// What comes below the message: the place, notes, the calls that led there, the hint.
  public func details(_ diagnostic: Diagnostic) -> [String] {
    var lines = place(of: diagnostic).map(snippet) ?? []
    for note in diagnostic.notes {
      lines.append("  \(paint("note", "1;36")): \(note.message)")
      if let range = note.range { lines += snippet(range) }
    }
    for (index, call) in diagnostic.calls.enumerated()
    where (call.name ?? diagnostic.subject ?? call.range?.source.name) != nil {
      lines.append("  > \(index == 0 ? "in" : "called by") \(step(call, of: diagnostic, isFirst: index == 0))")
    }
    if let hint = diagnostic.hint { lines.append("  \(paint("hint", "1;32")): \(hint)") }
    return lines
  }

  /// `macro star (macros/star.sql:3:7)`. The first step's line is the one that is shown, and lines of the program's own
  /// macros say nothing to anyone.
  private func step(_ call: Diagnostic.Call, of diagnostic: Diagnostic, isFirst: Bool) -> String {
    guard let range = call.range else { return call.name ?? diagnostic.subject ?? "" }
    let file = range.source.name
    let place = isFirst || range.source.isInternal ? file : "\(file):\(range.start.line):\(range.start.column)"
    if let name = call.name { return "\(name) (\(place))" }
    guard let subject = diagnostic.subject else { return place }
    return subject.hasSuffix("(\(file))") ? "\(subject.dropLast(file.count + 2))(\(place))" : "\(subject) (\(place))"
  }

  /// Where to point: what a user wrote, rather than a line of the program's own library.
  private func place(of diagnostic: Diagnostic) -> SourceRange? {
    guard let range = diagnostic.range, range.source.isInternal else { return diagnostic.range }
    return diagnostic.calls.lazy.compactMap(\.range).first { !$0.source.isInternal }
  }

  /// The place, the line before, the line itself with carets, the line after.
  public func snippet(_ range: SourceRange) -> [String] {
    let source = range.source
    let number = range.start.line
    let last = min(number + 1, source.lineCount)
    let width = String(last).utf8.count
    let bar = paint("|", "34")
    var lines = [
      "  \(String(repeating: " ", count: width))\(paint("-->", "34")) \(source.name):\(number):\(range.start.column)"
    ]
    for line in max(1, number - 1)...max(number, last) {
      if line == last, line > number, source.line(line).isEmpty { continue }
      let label = String(line)
      let padded = String(repeating: " ", count: width - label.utf8.count) + label
      let text = visible(source.line(line))
      lines.append("  \(paint(padded, "34")) \(bar)\(text.isEmpty ? "" : " \(text)")")
      if line == number {
        let scalars = Array(source.line(line).unicodeScalars)
        let start = min(range.start.column - 1, scalars.count)
        let end =
          range.end.line == number ? min(max(range.end.column - 1, start + 1), scalars.count + 1) : scalars.count
        let before = DisplayWidth.of(visible(String(String.UnicodeScalarView(scalars[..<start]))))
        let inside = DisplayWidth.of(
          visible(String(String.UnicodeScalarView(scalars[start..<max(start, min(end, scalars.count))]))))
        let carets = String(repeating: "^", count: max(1, inside))
        lines.append(
          "  \(String(repeating: " ", count: width)) \(bar) \(String(repeating: " ", count: before))\(paint(carets, "1;31"))"
        )
      }
    }
    return lines
  }

  /// Tabs become four spaces, other control characters U+FFFD: a terminal must not be steered by a file's content.
  private func visible(_ text: String) -> String {
    var out = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if scalar == "\t" {
        out.append(contentsOf: "    ".unicodeScalars)
      } else if scalar.value < 0x20 || scalar.value == 0x7F || (0x80..<0xA0).contains(scalar.value) {
        out.append("\u{FFFD}")
      } else {
        out.append(scalar)
      }
    }
    return String(out)
  }

  private func paint(_ text: String, _ code: String) -> String {
    color ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
