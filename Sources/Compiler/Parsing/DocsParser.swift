import Diagnostics
import Jinja
import Manifest
import Project
import YAML

extension ProjectParser {
  /// `{% docs name %}` blocks of the Markdown files (https://docs.getdbt.com/reference/resource-properties/description).
  func parseDocs(_ manifest: Manifest) {
    for package in packages {
      for file in package.files where file.kind == .docs {
        do {
          for block in try project.macros.docsBlocks(file.source) {
            // Without any names: what looks like Jinja leaves nothing behind.
            let text =
              block.contents.hasJinja
              ? try project.environment.compile(SourceText(name: file.originalPath, text: block.contents))
                .render(ContextProvider(), host: nil).string : block.contents
            let doc = Documentation(
              uniqueID: "doc.\(package.name).\(block.name)", name: block.name, packageName: package.name,
              path: file.path, originalFilePath: file.originalPath, blockContents: text.trimmingSpace)
            doc.range = block.range
            if let taken = manifest.docs.add(doc) { problems.append(ManifestChecks.duplicate(taken, doc)) }
          }
        } catch { report(error, in: file.source) }
      }
    }
  }

  /// Descriptions are rendered when all docs blocks are known: `doc()` works in them.
  func renderDescriptions(_ manifest: Manifest) {
    func render(
      _ text: String, _ package: String, _ range: @autoclosure () -> SourceRange?
    ) -> (String, [String]) {
      guard text.hasJinja else { return (text, []) }
      do {
        return try project.renderDescription(text, package: package)
      } catch {
        var diagnostic = ExecutionError(any: error).asDiagnostic
        if diagnostic.range?.source.isInternal ?? true { diagnostic.range = range() }
        problems.append(diagnostic)
        return (text, [])
      }
    }
    func columns(
      _ columns: inout [ColumnInfo], _ package: String, _ range: SourceRange?, _ entry: () -> YAMLNode?
    ) {
      for i in columns.indices where columns[i].description.hasJinja {
        (columns[i].description, columns[i].docBlocks) = render(
          columns[i].description, package,
          Self.columnNode(entry(), columns[i].name)?["description"]?.range ?? range)
      }
    }
    // What is disabled keeps its descriptions as they were written.
    for node in nodesToRender(manifest) {
      let range = node.propertiesRange ?? node.range
      let entry = { [self] in
        patchIndex[PatchKey(package: node.packageName, key: Self.patchKey(node.resourceType), name: node.name)]?.node
      }
      if node.description?.hasJinja ?? false {
        (node.description, node.docBlocks) = render(
          node.description ?? "", node.packageName, entry()?["description"]?.range ?? range)
      }
      if !node.columns.isEmpty { columns(&node.columns, node.packageName, range, entry) }
    }
    for source in manifest.sources {
      let table = { [self] in tableNode(source) }
      (source.description, source.docBlocks) = render(
        source.description ?? "", source.packageName, table()?["description"]?.range ?? source.range)
      (source.sourceDescription, _) = render(source.sourceDescription, source.packageName, source.range)
      columns(&source.columns, source.packageName, source.range, table)
    }
    for macro in manifest.macros
    where macro.description.hasJinja || macro.arguments.contains(where: { $0.description.hasJinja }) {
      (macro.description, _) = render(macro.description, macro.packageName, macro.range)
      for i in macro.arguments.indices {
        (macro.arguments[i].description, _) = render(macro.arguments[i].description, macro.packageName, macro.range)
      }
    }
    for exposure in manifest.exposures {
      exposure.description = render(exposure.description ?? "", exposure.packageName, exposure.range).0
    }
    for metric in manifest.metrics {
      metric.description = render(metric.description ?? "", metric.packageName, metric.range).0
    }
    for model in manifest.semanticModels {
      if let text = model.description { model.description = render(text, model.packageName, model.range).0 }
    }
    for query in manifest.savedQueries {
      if let text = query.description { query.description = render(text, query.packageName, query.range).0 }
    }
  }

  /// Nodes with a template in their description or a column's; many projects have none.
  private func nodesToRender(_ manifest: Manifest) -> [Node] {
    let (nodes, size) = (manifest.nodes.items, 1024)
    let stretches = Array(stride(from: 0, to: nodes.count, by: size))
    let found = Parallel.map(stretches) { start in
      nodes[start..<min(start + size, nodes.count)].filter { node in
        node.description?.hasJinja ?? false || node.columns.contains { $0.description.hasJinja }
      }
    }
    return found.flatMap { $0 } + manifest.functions.items
  }

  /// A source's table as it stands in its file.
  private func tableNode(_ source: SourceDefinition) -> YAMLNode? {
    let entry = entries.first {
      $0.key == "sources" && $0.package == source.packageName && $0.name == source.sourceName
    }
    return entry?.node["tables"]?.sequence?.first { $0["name"]?.keyText == source.name }
  }
}
