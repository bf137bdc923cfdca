import ArgumentParser
import Compiler
import Diagnostics
import Events
import Jinja
import Manifest
import Project
import Runner
import YAML

/// `tenon run-operation`: calls one macro. What it wants to keep, it commits itself.
struct RunOperationCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "run-operation", abstract: "Call a macro.")
  @OptionGroup var options: ProjectOptions
  @OptionGroup var fleet: FleetOptions
  @Option(help: "The macro's arguments as YAML: --args '{name: value}'.") var args = "{}"
  @Argument(help: "The macro, or package.macro.") var macro: String

  func run() throws {
    let (args, macro, options, fleet) = (args, macro, options, fleet)
    var own: [String: FlagValue] = ["macro": .string(macro)]
    if args != "{}" { own["args"] = .string(args) }
    let flags = own
    try Invocation.run("run-operation", options, extra: flags) { invocation in
      guard try fleet.isFleet() else { return try Self.run(invocation, macro: macro, arguments: args) }
      let task = FleetTask(name: "run-operation", flags: flags) { turn in
        try Self.run(turn.invocation, macro: macro, arguments: args, in: turn.project)
      }
      return try FleetRun(options: options, fleet: fleet, task: task).run(invocation)
    }
  }

  /// - Parameters:
  ///   - arguments: a mapping in YAML.
  ///   - parsed: the project, when it is parsed already.
  static func run(
    _ invocation: Invocation, macro: String, arguments text: String, in parsed: CompiledProject? = nil
  ) throws -> Bool {
    let arguments = try Self.arguments(text)
    let project = try parsed ?? invocation.parse()
    try TenantSession.verify(invocation, project)
    _ = try Graph(project.manifest)
    try ArtifactFiles.writeManifest(invocation, project)
    let parts = macro.split(separator: ".", maxSplits: 1).map(String.init)
    let name = parts.last ?? macro
    let package = parts.count > 1 ? parts[0] : nil
    let started = Timestamp.now()
    let session = DatabaseSession(project.adapter, name: "macro_\(name)")
    session.acquire("macro_\(name)")
    defer { session.close() }
    session.clearTransaction(forGood: true)
    var succeeded = true
    do {
      _ = try project.runMacro(
        name, package: package, Arguments(keywords: arguments.map { (Str.make($0.key), $0.value.jinja) }),
        session: session)
    } catch {
      let text = ErrorText.of(error, color: invocation.log.current.consoleColor)
      invocation.log.emit(
        Event(
          "RunningOperationCaughtError", "Q001", .error, "Encountered an error while running operation: \(text)",
          data: [("exc", .string(text))]))
      succeeded = false
    }
    session.rollbackIfOpen()
    guard let found = project.macros.operation(name, package: package) else {
      throw Diagnostic(
        "unknown-macro", .compilation,
        "dbt could not find a macro with the name '\(name)' in any package. This can happen when calling a macro that does "
          + "not exist. Check for typos and/or install package dependencies with \"tenon deps\".")
    }
    try writeResult(found, succeeded, started, invocation, project)
    return succeeded
  }

  private static func arguments(_ text: String) throws -> [(key: String, value: ConfigValue)] {
    guard case .dict(let dict) = ConfigValue(try YAML.value(of: text, name: "--args")) else {
      throw Diagnostic(
        "args", .usage, "The --args argument must be a YAML dictionary, but was given: \(text)",
        hint: "For example: --args '{name: value}'")
    }
    return dict.entries.map { ($0.key, $0.value) }
  }

  private static func writeResult(
    _ macro: MacroValue, _ succeeded: Bool, _ started: Timestamp, _ invocation: Invocation, _ project: CompiledProject
  ) throws {
    let node = Node(
      .operation, uniqueID: macro.uniqueID, name: macro.name, packageName: macro.package, path: "",
      originalFilePath: "",
      fqn: macro.uniqueID.split(separator: ".").map(String.init), config: NodeConfig(.operation), alias: macro.name,
      database: project.adapter.database, schema: project.defaultSchema,
      checksum: Checksum(name: "sha256", checksum: Hashes.sha256(Array(macro.uniqueID.utf8))), rawCode: "")
    let finished = Timestamp.now()
    let result = NodeResult(node, succeeded ? .success : .error)
    result.failures = succeeded ? 0 : 1
    result.executionTime = finished - started
    result.timing = [
      Timing("compile", started: invocation.startedAt, completed: started),
      Timing("execute", started: started, completed: finished),
    ]
    try ArtifactFiles.writeRunResults(
      invocation, project,
      RunTask.Summary(results: [result], elapsed: finished - started, interrupted: false))
  }
}
