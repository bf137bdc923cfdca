import Artifacts
import Compiler
import Diagnostics
import Files
import Project

/// The documentation's page beside its data, and the project's assets.
enum DocsSite {
  static func write(_ invocation: Invocation, catalog: [UInt8], isStatic: Bool) throws {
    let folder = ArtifactFiles.folder(invocation)
    try AtomicFile.write(Array(DocsPage.html().utf8), to: Path.join(folder, "index.html"))
    if isStatic, let manifest = try? FileSystem.read(Path.join(folder, "manifest.json")) {
      try AtomicFile.write(
        Array(DocsPage.html(manifest: manifest, catalog: catalog).utf8), to: Path.join(folder, "static_index.html"))
    }
    for asset in invocation.loaded?.root.paths.assets ?? [] {
      let from = Path.join(invocation.loaded?.root.root ?? "", asset)
      try copy(from, to: Path.join(folder, asset))
    }
  }

  private static func copy(_ from: String, to: String) throws {
    guard FileSystem.isDirectory(from) else { return }
    for (name, _) in (try? FileSystem.list(from)) ?? [] {
      let source = Path.join(from, name)
      if FileSystem.isDirectory(source) {
        try copy(source, to: Path.join(to, name))
      } else if let bytes = try? FileSystem.read(source) {
        try AtomicFile.write(bytes, to: Path.join(to, name))
      }
    }
  }
}
