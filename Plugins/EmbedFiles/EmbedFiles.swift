import Foundation
import PackagePlugin

/// Puts the built-in macro library and its docs into the program: every `.sql` and `.md` file under the target's
/// `Resources` becomes text in one generated source file.
@main
struct EmbedFiles: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
    let folder = target.directoryURL.appending(path: "Resources")
    var inputs: [URL] = []
    if let walker = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) {
      for case let file as URL in walker where ["sql", "md"].contains(file.pathExtension) { inputs.append(file) }
    }
    inputs.sort { $0.path < $1.path }
    let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedFiles.swift")
    return [
      .buildCommand(
        displayName: "Embedding \(inputs.count) files",
        executable: try context.tool(named: "embed-files").url,
        arguments: [folder.path, output.path], inputFiles: inputs, outputFiles: [output])
    ]
  }
}
