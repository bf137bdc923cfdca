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
      let project = try invocation.parse(rendersNodes: false)
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
    let (selection, inline, output, injectsCTEs) = (selection, inline, output, injectCTEs)
    var own = selection.flags.merging(["inject_ephemeral_ctes": .bool(injectCTEs), "output": .string(output)]) { $1 }
    if let inline { own["inline"] = .string(inline) }
    try Invocation.run("compile", options, extra: own) { invocation in
      try selection.requireNone(beside: "inline", inline)
      let project = try invocation.parse()
      if !invocation.flags.introspect {
        project.adapter.refusal = "connection never acquired for thread: --no-introspect allows no queries"
      }
      if let inline {
        try TenantSession.verify(invocation, project)
        // What is given on the command line is no part of the project.
        try ArtifactFiles.writeManifest(invocation, project)
        let started = Timestamp.now()
        let node = try InlineNode.compile(inline, project)
        try InlineNode.writeResult(NodeResult(node, .success), since: started, invocation, project)
        Preview.compiled(
          node.compiledCode ?? "", nil, json: output == "json", quiet: invocation.flags.quiet, invocation.log)
        return true
      }
      return try NodeCommand.run(
        invocation, project, selection, .compile,
        types: [.model, .snapshot, .test, .analysis, .operation, .function, .seed], injectsCTEs: injectsCTEs
      ) { summary, invocation in
        guard let first = selection.chosen.first else { return }
        for result in summary.results {
          guard let node = result.node else { continue }
          // dbt takes the first selection's text for a list of names.
          guard first.contains(node.name) else {
            invocation.log.emit(.note("Excluded node '\(node.name)' from results", level: .debug))
            continue
          }
          Preview.compiled(
            node.compiledCode ?? "", node, json: output == "json", quiet: invocation.flags.quiet, invocation.log)
        }
      }
    }
  }
}

/// Prints what `compile` and `show` were asked for.
enum Preview {
  /// - Parameter node: nil for inline SQL.
  static func compiled(_ code: String, _ node: Node?, json: Bool, quiet: Bool, _ log: EventLog) {
    let name = node?.name
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
          ("quiet", .bool(quiet)), ("unique_id", .string(node?.uniqueID ?? "sql_operation.inline_query")),
        ]))
  }
}
