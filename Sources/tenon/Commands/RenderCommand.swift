import ArgumentParser
import Diagnostics
import Glibc
import Jinja
import YAML

/// `tenon render`: a template without a project, for people who debug templates.
struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render", abstract: "Render a Jinja template without a project.",
    discussion: "Templates that it extends, includes or imports are looked up in its folder.")

  @Argument(help: "The template, or - for standard input.") var file: String?
  @Option(help: "A JSON or YAML file with the variables.") var context: String?
  @Option(name: .customLong("set"), help: "A variable, name=value; the value is JSON, or text.") var assignments:
    [String] = []
  @Flag(help: "Read cases as JSON lines from standard input and write JSON lines.") var batch = false
  @Option(help: "Render this many times and print times as JSON.") var bench: Int?
  @Flag(help: "Fail where an undefined name is used.") var strict = false

  mutating func run() throws {
    if batch {
      try BatchLoop.run(RenderBatch.answer)
      return
    }
    guard let file else { throw ValidationError("Missing expected argument '<file>'") }
    do {
      let values = try RenderContext.read(file: context, assignments: assignments)
      let environment = Environment()
      if strict { environment.undefinedKind = .strict }
      environment.loader = TemplateFolder.loader(beside: file)
      let source = try TextFile.read(file)
      if let bench {
        try RenderBench.run(source, environment, values, count: bench)
        return
      }
      let template = try environment.compile(source)
      try template.render(DictContext(values)) { StandardOutput.write($0) }
    } catch let error as TemplateError {
      StandardError.write(DiagnosticRenderer(color: isatty(2) == 1).render(error.diagnostic) + "\n")
      throw ExitCode(2)
    }
  }
}

/// The variables of `tenon render`.
enum RenderContext {
  static func read(file: String?, assignments: [String]) throws -> DictObject {
    var dict = DictObject()
    if let file {
      let source = try TextFile.read(file)
      let value: Value =
        file.hasSuffix(".json")
        ? try JSON.parse(source.utf8) : try YAMLContext.value(YAML.parse(source)?.value ?? .mapping([]))
      guard case .dict(let read) = value else { throw ValidationError("\(file): the context must be a mapping") }
      dict = read
    }
    for assignment in assignments {
      guard let equals = assignment.firstIndex(of: "=") else {
        throw ValidationError("--set \(assignment): expected name=value")
      }
      let text = String(assignment[assignment.index(after: equals)...])
      dict[String(assignment[..<equals])] = (try? JSON.parse(text)) ?? .string(text)
    }
    return dict
  }
}

/// Templates by their path under one folder.
enum TemplateFolder {
  static func loader(beside file: String) -> @Sendable (String) throws -> SourceText? {
    var folder = "."
    if let slash = file.lastIndex(of: "/") { folder = String(file[..<slash]) }
    if folder.isEmpty { folder = "/" }
    return { [folder] name in
      // As Jinja2's loader: no way out of the folder.
      if name.split(separator: "/").contains("..") || name.hasPrefix("/") { return nil }
      guard let bytes = TextFile.bytes("\(folder)/\(name)") else { return nil }
      return SourceText(name: name, utf8: bytes)
    }
  }
}
