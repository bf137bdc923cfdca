import Foundation
import PackagePlugin

/// Puts the built-in macro library into the program: every `.sql` file under the target's `Resources/macros` becomes
/// text in one generated source file.
@main
struct EmbedMacros: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
    let folder = target.directoryURL.appending(path: "Resources/macros")
    var inputs: [URL] = []
    if let walker = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) {
      for case let file as URL in walker where file.pathExtension == "sql" { inputs.append(file) }
    }
    inputs.sort { $0.path < $1.path }
    let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedMacros.swift")
    return [
      .buildCommand(
        displayName: "Embedding \(inputs.count) macro files",
        executable: try context.tool(named: "embed-macros").url,
        arguments: [folder.path, output.path], inputFiles: inputs, outputFiles: [output])
    ]
  }
}
