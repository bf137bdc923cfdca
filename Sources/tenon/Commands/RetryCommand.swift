import ArgumentParser
import Compiler
import Diagnostics
import Manifest
import Project
import Runner

/// `tenon retry`: runs again what failed or was skipped in the last run, with the same command.
struct RetryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry", abstract: "Run again what failed or was skipped last time.")
  @OptionGroup var options: ProjectOptions

  private static let retried: Set<String> = ["error", "fail", "skipped", "runtime error", "partial success"]

  func run() throws {
    try Invocation.run("retry", options) { invocation in
      let loaded = try invocation.load()
      let folder = Path.absolute(invocation.flags.state ?? loaded.root.targetPath, from: loaded.root.root)
      let path = Path.join(folder, "run_results.json")
      guard let bytes = try? FileSystem.read(path),
        let root = JSONParser.parse(String(decoding: bytes, as: UTF8.self))?.asDict
      else {
        throw Diagnostic(
          "no-previous-run", .runtime,
          "Could not find previous run in '\(invocation.flags.state ?? loaded.root.targetPath)' target directory")
      }
      let arguments = root["args"]?.asDict ?? ConfigDict()
      let which = arguments["which"]?.asString ?? ""
      guard let (command, types) = Self.command(which) else {
        throw Diagnostic("retry-command", .runtime, "The last command, '\(which)', cannot be retried.")
      }
      var ids: Set<String> = []
      var window: [String: [(start: Int, end: Int)]] = [:]
      for result in (root["results"]?.asList ?? []).compactMap(\.asDict) {
        guard let id = result["unique_id"]?.asString, Self.retried.contains(result["status"]?.asString ?? ""),
          !id.hasPrefix("operation.")
        else { continue }
        ids.insert(id)
        let batches = result["batch_results"]?.asDict
        if !(batches?["successful"]?.asList ?? []).isEmpty {
          window[id] = try (batches?["failed"]?.asList ?? []).compactMap(\.asStrings).compactMap { pair in
            guard pair.count == 2 else { return nil }
            return (
              try RunSettings.Window(start: pair[0], end: nil).start ?? 0,
              try RunSettings.Window(start: pair[1], end: nil).start ?? 0
            )
          }
        }
      }
      let project = try invocation.parse()
      return try NodeCommand.run(
        invocation, project, SelectionOptions(), command, types: types, ids: ids, batches: window)
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
