import ArgumentParser
import Compiler
import Diagnostics
import Manifest
import Project
import Runner

/// `tenon retry`: runs again what failed or was skipped in the last run, with the same command and options.
struct RetryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry", abstract: "Run again what failed or was skipped last time.")
  @OptionGroup var options: ProjectOptions

  func run() throws {
    let options = options
    try Invocation.run("retry", options) { invocation in
      let loaded = try invocation.load()
      let previous = try PreviousCommand(
        folder: invocation.flags.state ?? loaded.root.targetPath, root: loaded.root.root)
      try invocation.become(
        previous.which, options: try previous.options(given: options), extra: previous.ownOptions)
      let unfinished = previous.unfinished(warningsToo: options.warnError ?? false)
      if previous.which == "run-operation", let operation = previous.operation {
        if unfinished.isEmpty { return true }
        return try RunOperationCommand.run(invocation, macro: operation.macro, arguments: operation.arguments)
      }
      guard let (command, types) = Self.command(previous.which) else {
        throw Diagnostic("retry-command", .runtime, "The last command, '\(previous.which)', cannot be retried.")
      }
      let project = try invocation.parse()
      return try NodeCommand.run(
        invocation, project, SelectionOptions.parse([]), command, types: types, ids: Set(unfinished),
        batches: try previous.failedBatches(), now: previous.startedAt)
    }
  }

  private static func command(_ which: String) -> (RunSettings.Command, Set<ResourceType>)? {
    switch which {
    case "run": (.run, [.model])
    case "seed": (.seed, [.seed])
    case "snapshot": (.snapshot, [.snapshot])
    case "test": (.test, [.test, .unitTest])
    case "build": (.build, [.model, .seed, .snapshot, .test, .unitTest, .exposure, .savedQuery, .function])
    case "compile": (.compile, [.model, .snapshot, .test, .analysis])
    case "clone": (.clone, [.model, .seed, .snapshot])
    default: nil
    }
  }
}
