import ArgumentParser
import Compiler
import Diagnostics
import Events
import Manifest
import Project
import Runner

struct ParseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parse", abstract: "Parse the project and write its manifest.")
  @OptionGroup var options: ProjectOptions
  func run() throws {
    try Invocation.run("parse", options) { invocation in
      let project = try invocation.parse()
      _ = try Graph(project.manifest)
      try ArtifactFiles.writeManifest(invocation, project)
      return true
    }
  }
}

struct CompileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compile", abstract: "Compile to SQL, without running it.")
  @OptionGroup var options: ProjectOptions
  @OptionGroup var selection: SelectionOptions
  @Option(help: "SQL with Jinja to compile.") var inline: String?
  @Option(help: "text or json.") var output = "text"
  @Flag(name: .customLong("inject-ephemeral-ctes"), inversion: .prefixedNo, help: .hidden) var injectCTEs = true

  func run() throws {
    let (selection, inline, output) = (selection, inline, output)
    try Invocation.run("compile", options) { invocation in
      let project = try invocation.parse()
      if let inline {
        try TenantSession.verify(invocation, project)
        let node = try InlineNode.compile(inline, project)
        try ArtifactFiles.writeManifest(invocation, project)
        Preview.compiled(
          node.compiledCode ?? "", name: nil, json: output == "json", quiet: invocation.flags.quiet, invocation.log)
        return true
      }
      let chosen = !(selection.select + selection.models).isEmpty
      return try NodeCommand.run(
        invocation, project, selection, .compile,
        types: [.model, .snapshot, .test, .analysis, .operation, .function, .seed]
      ) { summary, invocation in
        // dbt stops at the first node that fails.
        if let failed = summary.results.first(where: { $0.status == .error }) {
          throw ExecutionError(.runtime, failed.message ?? "")
        }
        guard chosen, summary.results.count == 1 || output == "json" else { return }
        for result in summary.results where result.status == .success {
          guard let node = result.node, let code = node.compiledCode else { continue }
          Preview.compiled(
            code, name: node.name, json: output == "json", quiet: invocation.flags.quiet, invocation.log)
        }
      }
    }
  }
}

/// Prints what `compile` and `show` were asked for.
enum Preview {
  static func compiled(_ code: String, name: String?, json: Bool, quiet: Bool, _ log: EventLog) {
    let text: String
    if json {
      let fields =
        (name.map { ["\n  \"node\": \(JSONString.quote($0))"] } ?? []) + ["\n  \"compiled\": \(JSONString.quote(code))"]
      text = "{\(fields.joined(separator: ","))\n}"
    } else if quiet {
      text = code
    } else {
      text = name.map { "Compiled node '\($0)' is:\n\(code)" } ?? "Compiled inline node is:\n\(code)"
    }
    let style: Event.Style = json || quiet ? .output : .line
    log.emit(
      Event(
        "CompiledNode", "Q042", .info, text, style: style,
        data: [
          ("compiled", .string(code)), ("is_inline", .bool(name == nil)),
          ("node_name", .string(name ?? "inline_query")),
          ("output_format", .string(json ? "json" : "text")),
          ("unique_id", .string(name ?? "sql_operation.inline_query")),
        ]))
  }
}
