import ArgumentParser
import Artifacts
import Compiler
import Diagnostics
import Events
import Files
import Jinja
import Manifest
import Project
import Runner

struct DocsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "docs", abstract: "Make the project's documentation.",
    subcommands: [DocsGenerateCommand.self, DocsServeCommand.self])
}

struct DocsGenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate", abstract: "Write the manifest, the catalog and the documentation's page.")
  @OptionGroup var options: ProjectOptions
  @OptionGroup var selection: SelectionOptions
  @Flag(inversion: .prefixedNo, help: "Compile the project first.") var compile = true
  @Flag(inversion: .prefixedNo, help: "Also write static_index.html with all data in it.") var `static` = false
  @Flag(name: .customLong("empty-catalog"), inversion: .prefixedNo, help: "Ask the database nothing.")
  var emptyCatalog = false

  func run() throws {
    let (selection, compile, isStatic, isEmpty) = (selection, compile, `static`, emptyCatalog)
    let own: [String: FlagValue] = [
      "compile": .bool(compile), "empty_catalog": .bool(isEmpty), "static": .bool(isStatic),
    ]
    try Invocation.run(
      "docs generate", options, extra: selection.flags.merging(own) { $1 }, which: "generate"
    ) { invocation in
      let project = try invocation.parse()
      var succeeded = true
      if compile {
        succeeded = try NodeCommand.run(
          invocation, project, SelectionOptions.all(like: selection), .compile,
          types: [.model, .snapshot, .test, .analysis, .operation, .function, .seed])
        if !succeeded {
          invocation.log.emit(
            Event("CannotGenerateDocs", "E043", .info, "compile failed, cannot generate docs"))
          return false
        }
      }
      invocation.log.emit(Event("BuildingCatalog", "E044", .info, "Building catalog"))
      let chosen = try chosenIDs(selection, invocation, project)
      let catalog = isEmpty ? Catalog() : try CatalogQuery.run(project, selected: chosen)
      let folder = ArtifactFiles.folder(invocation)
      let path = Path.join(folder, "catalog.json")
      let bytes = catalog.bytes(ArtifactFiles.metadata(invocation))
      try AtomicFile.write(bytes, to: path)
      invocation.log.emit(.artifactWritten(type: "CatalogArtifact", path: path))
      try DocsSite.write(invocation, catalog: bytes, isStatic: isStatic)
      invocation.log.emit(
        Event("CatalogWritten", "E042", .info, "Catalog written to \(path)", data: [("path", .string(path))]))
      return succeeded
    }
  }

  private func chosenIDs(
    _ options: SelectionOptions, _ invocation: Invocation, _ project: CompiledProject
  ) throws -> Set<String>? {
    guard !(options.select + options.models + options.exclude).isEmpty || options.selector != nil else { return nil }
    let selection = try Selection(invocation, project)
    let set = try selection.select(
      options, types: [.model, .seed, .snapshot, .source, .test, .function], includesEmpty: true)
    return Set(selection.graph.uniqueIDs(set))
  }
}

extension SelectionOptions {
  /// The same selection, or everything when nothing was said.
  static func all(like other: SelectionOptions) -> SelectionOptions { other }
}

/// Asks the database for its relations through the catalog macros.
enum CatalogQuery {
  static func run(_ project: CompiledProject, selected: Set<String>?) throws -> Catalog {
    let session = DatabaseSession(project.adapter, name: "generate_catalog")
    defer { session.close() }
    var relations: [Value] = []
    for node in project.manifest.nodes where node.isRelational && !node.isEphemeralModel {
      if selected?.contains(node.uniqueID) ?? true {
        relations.append(.object(RelationValue(project.relation(of: node))))
      }
    }
    for source in project.manifest.sources where selected?.contains(source.uniqueID) ?? true {
      relations.append(.object(RelationValue(project.relation(of: source))))
    }
    if relations.isEmpty { return Catalog() }
    let schema = InformationSchemaValue(
      Relation(database: project.adapter.database, schema: nil, identifier: nil), view: nil)
    let value = try project.runMacro(
      "get_catalog_relations",
      Arguments(
        [], keywords: [(Str.make("information_schema"), .object(schema)), (Str.make("relations"), .list(relations))]),
      session: session)
    guard let table = value.asObject(AgateTable.self) else { return Catalog() }
    return Catalog(table, manifest: project.manifest, selected: selected)
  }
}

struct DocsServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "serve", abstract: "Serve the documentation over HTTP.")
  @OptionGroup var options: ProjectOptions
  @Option(help: "The address to listen on.") var host = "127.0.0.1"
  @Option(help: "The port to listen on.") var port = 8080
  @Flag(inversion: .prefixedNo, help: .hidden) var browser = false

  func run() throws {
    let (host, port) = (host, port)
    try Invocation.run("docs serve", options) { invocation in
      let loaded = try invocation.load()
      let folder = loaded.root.absoluteTargetPath
      guard FileSystem.isFile(Path.join(folder, "index.html")) else {
        throw Diagnostic(
          "no-docs", .runtime, "There is no documentation in \(folder).", hint: "Run `tenon docs generate` first.")
      }
      let server = try FileServer(folder: folder, host: host, port: port)
      invocation.log.emit(
        .note("Serving docs at http://\(host):\(port)/\nPress Ctrl+C to exit.", level: .info))
      invocation.interrupt.onInterrupt = { server.stop() }
      server.run()
      return true
    }
  }
}
