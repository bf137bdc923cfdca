import Diagnostics
import Files
import Manifest
import Project

/// The artifacts of an earlier run that `--state` names.
enum PreviousRun {
  static func load(_ invocation: Invocation) throws -> PreviousState? {
    guard let folder = invocation.flags.state, let loaded = invocation.loaded else { return nil }
    return try read(folder, loaded, invocation)
  }

  static func read(_ folder: String, _ loaded: LoadedProject, _ invocation: Invocation) throws -> PreviousState {
    let path = Path.absolute(folder, from: loaded.root.root)
    if path == loaded.root.absoluteTargetPath { invocation.log.emit(.stateIsTarget(folder)) }
    return try PreviousState.read(folder: path, targetFolder: loaded.root.absoluteTargetPath)
  }

  /// Gives nodes the relations of the deferred-to state.
  static func applyDeferral(_ invocation: Invocation, _ manifest: Manifest, required: Bool = false) throws {
    guard invocation.flags.defer || required, let loaded = invocation.loaded else { return }
    guard let folder = invocation.flags.deferState ?? invocation.flags.state else {
      throw Diagnostic(
        "defer-state", .runtime,
        "--state or --defer-state are required for deferral, but neither was provided")
    }
    guard let other = try read(folder, loaded, invocation).manifest else {
      throw Diagnostic(
        "state-manifest", .runtime, "Could not find manifest in --state path: '\(folder)'")
    }
    for node in manifest.nodes.filter(\.isRefable) + Array(manifest.functions) {
      guard let old = other.nodes[node.uniqueID] ?? other.functions[node.uniqueID], let schema = old.schema else {
        continue
      }
      node.deferRelation = DeferRelation(
        database: old.database, schema: schema, alias: old.alias, relationName: old.relationName)
    }
  }
}
