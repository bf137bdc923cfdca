import Diagnostics
import Foundation
import Testing

@testable import Jinja

/// One file a case in `Tests/Golden/jinja`: settings, templates, and what comes of them.
///
///     options: trim_blocks undefined=strict
///     context: {"x": 1}
///     === template
///     …
///     === template base.html
///     …
///     === output        (or: === error)
///     …
///
/// Each section's text ends before the newline of the next `===`. Outputs are Jinja2's; errors are as people see them.
/// `TENON_RECORD=1` writes what comes out now into the files.
struct GoldenTemplate {
  let path: String
  var options: [String] = []
  var context = "{}"
  var templates: [(name: String, text: String)] = []
  var expectedKind = ""
  var expected = ""

  static var folder: String {
    let parts = #filePath.split(separator: "/").dropLast(2)
    return "/" + parts.joined(separator: "/") + "/Golden/jinja"
  }
  static var all: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".txt") }.sorted()
  }

  init(_ name: String) throws {
    path = "\(Self.folder)/\(name)"
    var section = ""
    var lines: [String] = []
    func trimmed() -> String { lines.joined(separator: "\n") }
    func close(_ case: inout GoldenTemplate) {
      if section.hasPrefix("template") {
        `case`.templates.append((String(section.dropFirst(9)), trimmed()))
      } else if !section.isEmpty {
        `case`.expectedKind = section
        `case`.expected = trimmed()
      }
      lines = []
    }
    var text = try String(contentsOfFile: path, encoding: .utf8)
    if text.hasSuffix("\n") { text.removeLast() }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("=== ") {
        close(&self)
        section = String(line.dropFirst(4))
      } else if section.isEmpty {
        if line.hasPrefix("options:") { options = line.dropFirst(8).split(separator: " ").map(String.init) }
        if line.hasPrefix("context:") { context = String(line.dropFirst(8)) }
      } else {
        lines.append(String(line))
      }
    }
    close(&self)
  }

  func run() throws -> (kind: String, text: String) {
    let environment = Environment()
    environment.trimBlocks = options.contains("trim_blocks")
    environment.lstripBlocks = options.contains("lstrip_blocks")
    environment.keepTrailingNewline = options.contains("keep_trailing_newline")
    environment.autoescape = options.contains("autoescape")
    for (word, kind) in [("strict", UndefinedKind.strict), ("chainable", .chainable), ("debug", .debug), ("dbt", .dbt)]
    where options.contains("undefined=\(word)") {
      environment.undefinedKind = kind
    }
    let sources = Dictionary(templates.dropFirst().map { ($0.name, $0.text) }) { $1 }
    environment.loader = { name in sources[name].map { SourceText(name: name, text: $0) } }
    do {
      guard case .dict(let context) = try JSON.parse(context) else { throw TemplateError(.value, "no context") }
      let template = try environment.compile(SourceText(name: "main", text: templates.first?.text ?? ""))
      return ("output", try template.render(context).string)
    } catch let error as TemplateError {
      return ("error", DiagnosticRenderer().render(error.diagnostic))
    }
  }

  func record(_ result: (kind: String, text: String)) throws {
    var out = "options: \(options.joined(separator: " "))\ncontext:\(context)\n"
    for (i, template) in templates.enumerated() {
      out += "=== template\(i == 0 ? "" : " " + template.name)\n\(template.text)\n"
    }
    out += "=== \(result.kind)\n\(result.text)\n"
    try out.write(toFile: path, atomically: true, encoding: .utf8)
  }
}

@Suite struct GoldenTemplates {
  @Test(arguments: GoldenTemplate.all) func golden(_ name: String) throws {
    let golden = try GoldenTemplate(name)
    let result = try golden.run()
    if ProcessInfo.processInfo.environment["TENON_RECORD"] != nil { try golden.record(result) }
    #expect(result.kind == golden.expectedKind)
    #expect(result.text == golden.expected)
  }

  @Test func thereAreCases() { #expect(GoldenTemplate.all.count > 30) }
}
