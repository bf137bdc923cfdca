import ArgumentParser
import Compiler
import Diagnostics
import Events
import Manifest
import Project
import Runner

/// `tenon show`: compiles a query, runs it and prints its rows.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Run a model, analysis, test or inline query and print its rows.")
  @OptionGroup var options: ProjectOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var fleet: FleetOptions
  @Option(help: "SQL with Jinja to run.") var inline: String?
  @Option(name: .customLong("inline-direct"), help: "SQL to run as it is, without a project's help.")
  var inlineDirect: String?
  @Option(parsing: .unconditional, help: "How many rows; negative: all.") var limit = 5
  @Option(help: "text or json.") var output = "text"
  @Flag(help: "All columns and whole values, however wide the table gets.") var wide = false

  func run() throws {
    let (selection, inline, direct) = (selection, inline, inlineDirect)
    let form: RowPreview.Form = output == "json" ? .json : wide ? .wide : .table
    let (options, fleet) = (options, fleet)
    let limit = limit < 0 ? nil : limit
    var extra = selection.flags.merging(["limit": .int(self.limit), "output": .string(output)]) { $1 }
    if let inline { extra["inline"] = .string(inline) }
    let flags = extra
    try Invocation.run("show", options, extra: flags) { invocation in
      let chosen = selection.chosen
      try selection.requireNone(beside: "inline", inline)
      guard !chosen.isEmpty || selection.selector != nil || inline != nil || direct != nil else {
        throw Diagnostic("nothing-to-show", .runtime, "Either --select or --inline must be passed to show")
      }
      let show: @Sendable (Invocation, CompiledProject) throws -> Bool = { invocation, project in
        if let direct {
          try TenantSession.verify(invocation, project)
          let table = try Self.direct(direct, project, limit)
          RowPreview.emit(table, name: "direct-query", id: "direct-query", isInline: true, as: form, invocation)
          return true
        }
        if let inline { return try Self.inline(inline, invocation, project, limit, as: form) }
        return try Self.nodes(selection, invocation, project, limit, as: form)
      }
      guard try fleet.isFleet() else { return try show(invocation, try invocation.parse()) }
      let task = FleetTask(name: "show", flags: flags) { turn in
        // Rows are asked for again and again: there is no use in a run that leaves out what was shown.
        try show(turn.invocation, turn.project)
      }
      return try FleetRun(options: options, fleet: fleet, task: task).run(invocation)
    }
  }

  private static func nodes(
    _ selection: SelectionOptions, _ invocation: Invocation, _ project: CompiledProject, _ limit: Int?,
    as form: RowPreview.Form
  ) throws -> Bool {
    let chosen = selection.chosen
    return try NodeCommand.run(
      invocation, project, selection, .show,
      types: [.model, .snapshot, .test, .analysis, .operation, .function, .seed], showLimit: limit
    ) { summary, invocation in
      for result in summary.results {
        guard let node = result.node, let table = result.table else { continue }
        guard chosen.first.map({ $0.contains(node.name) }) ?? true else {
          invocation.log.emit(.note("Excluded node '\(node.name)' from results", level: .debug))
          continue
        }
        let name = node.searchName
        RowPreview.emit(table, name: name, id: node.uniqueID, isInline: false, as: form, invocation)
      }
    }
  }

  private static func inline(
    _ sql: String, _ invocation: Invocation, _ project: CompiledProject, _ limit: Int?, as form: RowPreview.Form
  ) throws -> Bool {
    try TenantSession.verify(invocation, project)
    try PreviousRun.applyDeferral(invocation, project.manifest)
    try Graph(project.manifest).requireAcyclic()
    // What is given on the command line is no part of the project.
    try ArtifactFiles.writeManifest(invocation, project)
    let started = Timestamp.now()
    let node = try InlineNode.compile(sql, project)
    let compiled = Timestamp.now()
    let session = DatabaseSession(project.adapter, name: node.uniqueID)
    session.acquire(node.uniqueID, nodeID: node.uniqueID)
    defer { session.close() }
    invocation.log.emit(.formatting())
    invocation.log.emit(
      .concurrency(
        threads: invocation.loaded?.profile?.threads ?? 1, target: invocation.loaded?.profile?.targetName ?? "",
        nodes: 1))
    invocation.log.emit(.formatting())
    let rows = try ShowQuery.run(node, project, session, limit: limit)
    let finished = Timestamp.now()
    let result = NodeResult(node, .success)
    result.table = rows.table
    result.response = rows.response
    result.executionTime = finished - started
    result.timing = [
      Timing("compile", started: started, completed: compiled),
      Timing("execute", started: compiled, completed: finished),
    ]
    try ArtifactFiles.writeRunResults(
      invocation, project, RunTask.Summary(results: [result], elapsed: finished - started, interrupted: false))
    RowPreview.emit(rows.table, name: node.name, id: node.uniqueID, isInline: true, as: form, invocation)
    return true
  }

  private static func direct(_ sql: String, _ project: CompiledProject, _ limit: Int?) throws -> AgateTable {
    let session = DatabaseSession(project.adapter, name: "show")
    defer { session.close() }
    return QueryTable.make(try session.execute(sql), limit: limit)
  }
}

/// Rows that were asked for.
enum RowPreview {
  enum Form: Sendable {
    /// Cut to what a terminal shows, as dbt cuts it: six columns, values of twenty characters.
    case table
    /// A table with all there is.
    case wide
    case json
  }

  static func emit(
    _ table: AgateTable, name: String, id: String, isInline: Bool, as form: Form, _ invocation: Invocation
  ) {
    let quiet = invocation.flags.quiet
    let shown = (try? AgateText.indentedJSON(table, indent: 2)) ?? "[]"
    let preview = (try? AgateText.json(table, nil)) ?? "[]"
    let isWhole = form == .wide
    let rows = AgateText.table(
      table, maximumRows: nil, maximumColumns: isWhole ? nil : 6, maximumWidth: isWhole ? nil : 20)
    let json = form == .json
    let text: String
    if json {
      let node = isInline ? "" : "  \"node\": \(JSONString.quote(name)),\n"
      text = "{\n\(node)  \"show\": \(shown)\n}"
    } else {
      text = quiet ? rows : isInline ? "Previewing inline node:\n\(rows)" : "Previewing node '\(name)':\n\(rows)"
    }
    invocation.log.emit(
      Event(
        "ShowNode", "Q041", .info, text, style: .output,
        data: [
          ("is_inline", .bool(isInline)), ("node_name", .string(name)),
          ("output_format", .string(json ? "json" : "text")), ("preview", .string(json ? preview : rows)),
          ("quiet", .bool(quiet)), ("unique_id", .string(id)),
        ]))
  }
}
