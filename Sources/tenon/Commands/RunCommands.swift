import ArgumentParser
import Artifacts
import Compiler
import Diagnostics
import Events
import Manifest
import Project
import Runner

/// What the commands that run nodes share.
enum NodeCommand {
  static func run(
    _ name: String, _ options: ProjectOptions, _ selection: SelectionOptions, _ command: RunSettings.Command,
    types: Set<ResourceType>, fleet: FleetOptions, own: [String: FlagValue] = [:],
    after: @escaping @Sendable (RunTask.Summary, Invocation) throws -> Void = { _, _ in }
  ) throws {
    let flags = selection.flags.merging(own) { $1 }
    try Invocation.run(name, options, extra: flags) { invocation in
      if try fleet.isFleet() {
        let task = FleetTask(name: name, flags: flags) { turn in
          try run(
            turn.invocation, turn.project, selection, command, types: types, except: Set(turn.done.keys),
            earlier: turn.earlier()
          ) { summary, invocation in
            turn.note(summary.results)
            try after(summary, invocation)
          }
        }
        return try FleetRun(options: options, fleet: fleet, task: task).run(invocation)
      }
      let project = try invocation.parse()
      return try run(invocation, project, selection, command, types: types, after: after)
    }
  }

  @discardableResult static func run(
    _ invocation: Invocation, _ project: CompiledProject, _ options: SelectionOptions, _ command: RunSettings.Command,
    types: Set<ResourceType>, showLimit: Int? = nil, ids: Set<String>? = nil,
    except: Set<String> = [],
    earlier: [ConfigDict] = [],
    batches: [String: RunSettings.Window.Retried] = [:], now: Int? = nil, injectsCTEs: Bool = true,
    after: (RunTask.Summary, Invocation) throws -> Void = { _, _ in }
  ) throws -> Bool {
    try TenantSession.verify(invocation, project)
    // Written before anything is selected: it is there when the selection turns out to be wrong. What `compile` adds
    // comes so soon that it is written once, with that.
    if command != .compile { try ArtifactFiles.writeManifest(invocation, project) }
    var summary: RunTask.Summary
    let selected: IDSet
    let settings: RunSettings
    do {
      try PreviousRun.applyDeferral(invocation, project.manifest, required: command == .clone)
      let selection = try Selection(invocation, project)
      try ArtifactFiles.writeGraphSummary(invocation, selection.graph, tests: command == .build)
      var members =
        if let ids {
          IDSet(capacity: selection.graph.count, try ids.sorted().map { try selection.known($0) })
        } else {
          try selection.select(options, types: Selection.types(options, invocation.flags, of: types))
        }
      for id in except { if let member = selection.graph.id(of: id) { members.remove(member) } }
      selected = members
      var given = try Self.settings(invocation, command)
      given.showLimit = showLimit
      given.injectsCTEs = injectsCTEs
      given.window.retried = batches
      given.window.now = now ?? invocation.startedAt.seconds
      settings = given
      let task = RunTask(
        project, graph: selection.graph, settings: settings, interrupt: invocation.interrupt)
      summary = try task.run(selected)
      if settings.stopsAtFirstError, let failed = summary.results.first(where: { $0.status == .error }) {
        throw ExecutionError(.runtime, failed.message ?? "")
      }
    } catch {
      if command == .compile {
        for node in project.manifest.nodes { node.forgetCompiled() }
        try ArtifactFiles.writeManifest(invocation, project)
      }
      throw error
    }
    if settings.keepsEphemerals, options.chosen.isEmpty {
      summary.results.removeAll { $0.node?.isEphemeralModel ?? false }
    }
    try ArtifactFiles.writeManifest(invocation, project)
    // Hooks run again.
    let ran = earlier.isEmpty ? [] : Set(summary.results.map(\.resource.uniqueID))
    try ArtifactFiles.writeRunResults(
      invocation, project, summary, earlier: earlier.filter { !ran.contains($0["unique_id"]?.asString ?? "") })
    try after(summary, invocation)
    if ![.compile, .show].contains(command), !selected.isEmpty {
      EndOfRun.emit(
        summary.results, interrupted: summary.interrupted, invocation.log, in: project.manifest)
    }
    return summary.succeeded
  }

  static func settings(_ invocation: Invocation, _ command: RunSettings.Command) throws -> RunSettings {
    var settings = RunSettings(command)
    settings.threads = invocation.flags.singleThreaded ? 1 : invocation.loaded?.profile?.threads ?? 1
    settings.failFast = invocation.flags.failFast
    settings.warnError =
      invocation.flags.warnError || invocation.flags.warnErrorOptions.raises("LogTestResult", code: "Q007")
    settings.explicitOverrides = invocation.flags[.requireExplicitPackageOverrides]
    settings.window = try RunSettings.Window(start: invocation.flags.eventTimeStart, end: invocation.flags.eventTimeEnd)
    settings.targetName = invocation.loaded?.profile?.targetName ?? ""
    settings.keepsEphemerals = command == .compile || command == .show
    settings.runsHooks = ![.compile, .show, .clone].contains(command)
    settings.skipsNodesWhenStartFails = invocation.flags[.skipNodesIfOnRunStartFails]
    return settings
  }
}

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "run", abstract: "Build the models in DAG order.")
  @OptionGroup var options: ProjectOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var fleet: FleetOptions
  func run() throws { try NodeCommand.run("run", options, selection, .run, types: [.model], fleet: fleet) }
}

struct SeedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "seed", abstract: "Load the CSV files into tables.")
  @OptionGroup var options: ProjectOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var fleet: FleetOptions
  @Flag(inversion: .prefixedNo, help: "Show a sample of what was loaded.") var show = false
  func run() throws {
    let show = show
    try NodeCommand.run(
      "seed", options, selection, .seed, types: [.seed], fleet: fleet, own: ["show": .bool(show)]
    ) { summary, invocation in
      if show { SeedPreview.emit(summary.results, invocation.log) }
    }
  }
}

struct SnapshotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "snapshot", abstract: "Record changes of rows.")
  @OptionGroup var options: ProjectOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var fleet: FleetOptions
  func run() throws { try NodeCommand.run("snapshot", options, selection, .snapshot, types: [.snapshot], fleet: fleet) }
}

struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "test", abstract: "Run the data tests and unit tests.")
  @OptionGroup var options: ProjectOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var fleet: FleetOptions
  func run() throws { try NodeCommand.run("test", options, selection, .test, types: [.test, .unitTest], fleet: fleet) }
}

struct BuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "Seeds, models, snapshots, functions and tests in DAG order; a failed test stops what follows.")
  @OptionGroup var options: ProjectOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var fleet: FleetOptions
  @Flag(inversion: .prefixedNo, help: .hidden) var show = false
  func run() throws {
    try NodeCommand.run(
      "build", options, selection, .build,
      types: [.model, .seed, .snapshot, .test, .unitTest, .exposure, .savedQuery, .function], fleet: fleet,
      own: ["include_saved_query": .bool(false), "show": .bool(show)])
  }
}

struct CloneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clone", abstract: "Bring the relations of --state under this target's names.")
  @OptionGroup var options: ProjectOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var fleet: FleetOptions
  func run() throws {
    try NodeCommand.run("clone", options, selection, .clone, types: [.model, .seed, .snapshot], fleet: fleet)
  }
}
