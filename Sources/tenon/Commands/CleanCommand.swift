import ArgumentParser
import Diagnostics
import Events
import Files
import Project

/// `tenon clean`: removes the folders of `clean-targets`.
struct CleanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clean", abstract: "Remove the folders of clean-targets.")
  @OptionGroup var options: ProjectOptions
  @Flag(name: .customLong("clean-project-files-only"), inversion: .prefixedNo, help: "Nothing outside of the project.")
  var projectFilesOnly = true

  func run() throws {
    let projectFilesOnly = projectFilesOnly
    try Invocation.run("clean", options) { invocation in
      let project = try invocation.load(needsProfile: false, packages: false, requireVars: false).root
      let targets = project.cleanTargets.map { Path.absolute($0, from: project.root) }
      let sources = Set((project.paths.allSources + project.paths.tests).map { Path.absolute($0, from: project.root) })
      func refuse(_ protected: [String]) throws {
        guard !protected.isEmpty else { return }
        throw Diagnostic(
          "clean-sources", .runtime, "dbt will not clean the following source paths: \(Self.list(protected))")
      }
      try refuse(targets.filter(sources.contains))
      let outside = targets.filter { !$0.hasPrefix(project.root + "/") }
      guard outside.isEmpty || !projectFilesOnly else {
        throw Diagnostic(
          "clean-outside", .runtime,
          "dbt will not clean the following directories outside the project: \(Self.list(outside))",
          hint: "--no-clean-project-files-only removes them too.")
      }
      // The project itself, or a folder it lies in, is never a thing to remove.
      try refuse(targets.filter { $0 == "/" || $0 == project.root || project.root.hasPrefix($0 + "/") })
      // The log file may be in one of the folders; nothing is written there after it is gone.
      invocation.log.configure { $0.filePath = nil }
      for path in targets {
        invocation.log.emit(
          Event("CheckCleanPath", "Z012", .info, "Checking \(path)/*", data: [("path", .string(path))]))
        do { try FileSystem.remove(path) } catch {
          throw Diagnostic("clean", .runtime, "Could not remove \(path): \(error)")
        }
        invocation.log.emit(
          Event("ConfirmCleanPath", "Z013", .info, "Cleaned \(path)/*", data: [("path", .string(path))]))
      }
      invocation.log.emit(Event("FinishedCleanPaths", "Z015", .info, "Finished cleaning all paths."))
      return true
    }
  }

  private static func list(_ paths: [String]) -> String { "[\(paths.map { "'\($0)'" }.joined(separator: ", "))]" }
}
