import Artifacts
import Compiler
import Diagnostics
import Events
import Files
import Manifest
import Project
import Runner

/// Writes artifacts under the target folder, whole or not at all, and says so in the log.
enum ArtifactFiles {
  static func folder(_ invocation: Invocation) -> String { invocation.loaded?.root.absoluteTargetPath ?? "target" }

  static func writeManifest(_ invocation: Invocation, _ project: CompiledProject) throws {
    guard invocation.flags.writeJSON else { return }
    project.manifest.metadata.generatedAt = Timestamp.now().isoZ
    let path = Path.join(folder(invocation), "manifest.json")
    AtomicFile.makeDirectories(folder(invocation))
    try ManifestWriter.write(project.manifest, toFile: path)
    invocation.log.emit(.artifactWritten(type: "WritableManifest", path: path))
    let semantic = Path.join(folder(invocation), "semantic_manifest.json")
    try AtomicFile.write(SemanticManifest.bytes(project.manifest), to: semantic)
    invocation.log.emit(.artifactWritten(type: "SemanticManifest", path: semantic))
  }

  /// - Parameter tests: whether the tests' edges of a build are shown too.
  static func writeGraphSummary(_ invocation: Invocation, _ graph: Graph, tests: Bool) throws {
    guard invocation.flags.writeJSON else { return }
    try AtomicFile.write(
      GraphSummary.bytes(graph, tests: tests ? graph.testEdges() : nil, invocationID: invocation.invocationID),
      to: Path.join(folder(invocation), "graph_summary.json"))
  }

  static func metadata(_ invocation: Invocation) -> ArtifactMetadata {
    ArtifactMetadata(
      dbtVersion: ProjectEngine.dbtVersion, invocationID: invocation.invocationID,
      invocationStartedAt: invocation.startedAt,
      environment: CustomEnvironment.values(invocation.environment))
  }

  static func writeRunResults(
    _ invocation: Invocation, _ project: CompiledProject, _ summary: RunTask.Summary, earlier: [ConfigDict] = []
  ) throws {
    guard invocation.flags.writeJSON else { return }
    let path = Path.join(folder(invocation), "run_results.json")
    AtomicFile.makeDirectories(folder(invocation))
    let file = try OutputFile(path)
    try RunResults.write(
      summary.results, earlier: earlier, elapsed: summary.elapsed, arguments: project.settings.arguments,
      metadata: metadata(invocation)
    ) { (bytes) throws(Diagnostic) in try file.write(bytes) }
    try file.finish()
    invocation.log.emit(.artifactWritten(type: "RunExecutionResult", path: path))
  }
}
