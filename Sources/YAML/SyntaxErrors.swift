import CLibYAML
import Diagnostics

/// libyaml's complaints as diagnostics: the same fact, in words about the file, with what to do.
struct SyntaxErrors {
  let origin: YAMLOrigin

  func diagnostic(_ parser: yaml_parser_t) -> Diagnostic {
    let problem = parser.problem.map { String(cString: $0) } ?? "it can't be read"
    let context = parser.context.map { String(cString: $0) } ?? ""
    if parser.error == YAML_READER_ERROR { return encoding(problem, parser.problem_offset, parser.problem_value) }
    if parser.error == YAML_MEMORY_ERROR {
      return Diagnostic("yaml-memory", .internal, "not enough memory to read \(origin.source.name)")
    }
    let place = origin.range(from: parser.problem_mark.index, to: parser.problem_mark.index + 1)
    let contextPlace = origin.range(from: parser.context_mark.index, to: parser.context_mark.index + 1)
    return syntax(problem, context, place, contextPlace)
  }

  private func encoding(_ problem: String, _ offset: Int, _ value: Int32) -> Diagnostic {
    let range = SourceRange(source: origin.source, offsets: offset..<(offset + 1))
    if problem.contains("control characters") {
      let hex = String(value, radix: 16, uppercase: true)
      return Diagnostic(
        "yaml-control-character", .parsing,
        "the character U+\(String(repeating: "0", count: max(0, 4 - hex.utf8.count)))\(hex) is not allowed",
        range: range, hint: "remove it, or write it as an escape in double quotes")
    }
    return Diagnostic(
      "yaml-encoding", .parsing, "the file is not UTF-8: there is a byte that belongs to no character here",
      range: range, hint: "save the file as UTF-8")
  }

  private func syntax(
    _ problem: String, _ context: String, _ place: SourceRange, _ contextPlace: SourceRange
  ) -> Diagnostic {
    let line = origin.source.line(place.start.line)
    let byte = place.start.offset < origin.source.utf8.count ? origin.source.utf8[place.start.offset] : 0
    if byte == 0x09 || tabIndented(line, upTo: place.start.column) {
      return Diagnostic(
        "yaml-tab", .parsing, "a tab is used for indentation", range: place,
        hint: "YAML is indented with spaces; replace the tab")
    }
    if let template = unquotedTemplate(near: place) { return Self.unquotedTemplate(template) }
    if context.contains("quoted scalar") {
      return Diagnostic(
        "yaml-unclosed-quote", .parsing, "the quote that begins here is not closed", range: contextPlace,
        hint: "inside single quotes write '' for a quote, inside double quotes \\\"")
    }
    switch problem {
    case _ where problem.contains("mapping values are not allowed"):
      return Diagnostic(
        "yaml-unexpected-colon", .parsing, "a `key: value` can't stand here", range: place,
        hint: "if the colon belongs to the text, quote the text; otherwise check the indentation of this line")
    case _ where problem.contains("could not find expected ':'"):
      return Diagnostic(
        "yaml-missing-colon", .parsing, "a key without `:`", range: context.isEmpty ? place : contextPlace,
        hint: "write `key: value`; a text that goes on in the next line must be indented or quoted")
    case _ where problem.contains("cannot start any token"):
      let character = line.unicodeScalars.dropFirst(place.start.column - 1).first.map(String.init) ?? ""
      return Diagnostic(
        "yaml-reserved-character", .parsing, "a value can't begin with `\(character)`", range: place,
        hint: "quote the value")
    case _ where problem.contains("did not find expected '-' indicator"):
      return Diagnostic(
        "yaml-indentation", .parsing, "this line is neither a further item of the list nor outside it", range: place,
        notes: [.init("the list begins here", range: contextPlace)],
        hint: "items of one list begin in the same column with `- `")
    case _ where problem.contains("did not find expected key"):
      return Diagnostic(
        "yaml-indentation", .parsing, "this line does not fit the mapping it is in", range: place,
        notes: [.init("the mapping begins here", range: contextPlace)],
        hint:
          "keys of one mapping begin in the same column; check the indentation and unclosed quotes or brackets above"
      )
    case _ where problem.contains("expected ',' or"):
      let closing = problem.contains("']'") ? "]" : "}"
      return Diagnostic(
        "yaml-unclosed-bracket", .parsing, "expected `,` or `\(closing)`", range: place,
        notes: [.init("opened here", range: contextPlace)],
        hint: "separate the values with commas and close with `\(closing)`")
    default:
      let sentence = context.isEmpty ? problem : "\(problem) \(context)"
      return Diagnostic("yaml-syntax", .parsing, sentence, range: place)
    }
  }

  private func tabIndented(_ line: String, upTo column: Int) -> Bool {
    let before = line.unicodeScalars.prefix(max(0, column))
    return before.contains("\t") && before.allSatisfy { $0 == " " || $0 == "\t" || $0 == "-" }
  }

  /// A value that begins with `{{` or `{%` without quotes, in the line of the error or the one above it.
  private func unquotedTemplate(near place: SourceRange) -> SourceRange? {
    for number in [place.start.line, place.start.line - 1] where number >= 1 {
      let scalars = Array(origin.source.line(number).unicodeScalars)
      var i = 0
      while i < scalars.count, scalars[i] == " " { i += 1 }
      if i + 1 < scalars.count, scalars[i] == "-", scalars[i + 1] == " " {
        i += 2
        while i < scalars.count, scalars[i] == " " { i += 1 }
      }
      // Past `key: `, if there is one before any quote.
      var value = i
      var at = i
      while at + 1 < scalars.count, !["\"", "'", "#"].contains(scalars[at]) {
        if scalars[at] == ":", scalars[at + 1] == " " {
          value = at + 2
          while value < scalars.count, scalars[value] == " " { value += 1 }
          break
        }
        at += 1
      }
      guard value + 1 < scalars.count, scalars[value] == "{", scalars[value + 1] == "{" || scalars[value + 1] == "%"
      else { continue }
      var end = scalars.count
      while end > value, scalars[end - 1] == " " { end -= 1 }
      return SourceRange(
        source: origin.source, start: origin.source.position(line: number, column: value + 1),
        end: origin.source.position(line: number, column: end + 1))
    }
    return nil
  }

  static func unquotedTemplate(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      "yaml-unquoted-jinja", .parsing, "a value that begins with a Jinja expression must be quoted", range: range,
      hint: "write it as \"{{ … }}\"")
  }
}
