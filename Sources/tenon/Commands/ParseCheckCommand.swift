import ArgumentParser
import Diagnostics
import Glibc
import Jinja

/// `tenon parse-check`: whether files are templates as dbt projects write them.
struct ParseCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parse-check", abstract: "Check the syntax of Jinja templates, with dbt's block tags.")

  @Argument(help: "The files.") var files: [String] = []
  @Flag(help: "Read cases as JSON lines from standard input and write JSON lines.") var batch = false

  mutating func run() throws {
    let environment = Self.environment()
    if batch {
      try BatchLoop.run { request, out in
        do {
          _ = try environment.parse(SourceText(name: "<template>", utf8: request["template"]?.asStr?.bytes ?? []))
          out.key("ok")
          out.value(true)
        } catch let error as TemplateError {
          out.key("ok")
          out.value(false)
          BatchLoop.write(error, to: &out)
        }
      }
      return
    }
    var failed = false
    for file in files {
      do { _ = try environment.parse(TextFile.read(file)) } catch let error as TemplateError {
        failed = true
        StandardError.write(DiagnosticRenderer(color: isatty(2) == 1).render(error.diagnostic) + "\n")
      }
    }
    if failed { throw ExitCode(2) }
  }

  private static func environment() -> Environment {
    let environment = Environment()
    environment.allowsTypedParameters = true
    environment.blockTags = [
      BlockTag(
        "materialization",
        header: .options(
          allowed: ["default", "adapter"],
          parameters: [(name: "supported_languages", defaultValue: { @Sendable in .list([.string("sql")]) })])
      ) { name, options in
        let adapter = options.last { $0.name == "adapter" }?.value.asString ?? "default"
        return "materialization_\(name)_\(adapter)"
      },
      BlockTag("snapshot", header: .name) { name, _ in "snapshot_\(name)" },
      BlockTag("docs", header: .name) { name, _ in "docs_\(name)" },
      BlockTag("test", header: .signature) { name, _ in "test_\(name)" },
      BlockTag("data_test", header: .signature) { name, _ in "data_test_\(name)" },
    ]
    return environment
  }
}
