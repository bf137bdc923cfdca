import ArgumentParser
import Artifacts
import Compiler
import Diagnostics
import Events
import Files
import Manifest
import Project
import Runner

struct SourceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "source", abstract: "What is known of sources.",
    subcommands: [SourceFreshnessCommand.self])
}

/// `tenon source freshness`: how old the newest rows of sources are, against the limits they have.
struct SourceFreshnessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "freshness", abstract: "Compare the age of sources with their limits.", aliases: ["snapshot-freshness"]
  )
  @OptionGroup var options: ProjectOptions
  @OptionGroup var selection: SelectionOptions
  @Option(name: [.customShort("o"), .long], help: "The file to write instead of sources.json.") var output: String?

  func run() throws {
    let (selection, output) = (selection, output)
    try Invocation.run("source freshness", options, extra: selection.flags, which: "freshness") { invocation in
      let project = try invocation.parse()
      try TenantSession.verify(invocation, project)
      let chooser = try Selection(invocation, project)
      var selected = try chooser.select(selection, types: [.source])
      for id in selected.members where (chooser.graph[id] as? SourceDefinition)?.hasFreshness != true {
        selected.remove(id)
      }
      try ArtifactFiles.writeManifest(invocation, project)
      var settings = try NodeCommand.settings(invocation, .freshness)
      settings.runsHooks = invocation.flags[.sourceFreshnessRunsProjectHooks]
      let summary = try RunTask(
        project, graph: chooser.graph, settings: settings, interrupt: invocation.interrupt
      ).run(selected)
      if settings.runsHooks { try ArtifactFiles.writeManifest(invocation, project) }
      if invocation.flags.writeJSON || output != nil {
        let path =
          output.map { Path.absolute($0) } ?? Path.join(ArtifactFiles.folder(invocation), "sources.json")
        try AtomicFile.write(
          FreshnessResults.bytes(
            summary.results, elapsed: summary.elapsed, metadata: ArtifactFiles.metadata(invocation)), to: path)
        invocation.log.emit(.artifactWritten(type: "FreshnessExecutionResultArtifact", path: path))
      }
      guard !selected.isEmpty else { return true }
      for result in summary.results where result.status == .error || result.status == .runtimeError {
        EndOfRun.detail(result, warning: false, invocation.log)
      }
      invocation.log.emit(Event("FreshnessCheckComplete", "Q003", .info, "Done."))
      return summary.succeeded
    }
  }
}
