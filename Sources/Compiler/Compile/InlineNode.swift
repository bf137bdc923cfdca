import Diagnostics
import Manifest

extension CompiledProject {
  /// A node for SQL that stands in no file: its references are found by rendering it as when parsing.
  public func inlineNode(_ sql: String) throws -> Node {
    let code = sql.trimmingSpace
    let node = Node(
      .sqlOperation, uniqueID: "sql_operation.\(name).inline_query", name: "inline_query", packageName: name,
      path: "sql/inline_query", originalFilePath: "from remote system.sql", fqn: [name, "sql", "inline_query"],
      config: NodeConfig(.sqlOperation), alias: "inline_query", database: adapter.database, schema: defaultSchema,
      checksum: Checksum(name: "sha256", checksum: Hashes.sha256(Array(code.utf8))), rawCode: code)
    let capture = ParseCapture()
    capture.onConfig = { call in try ConfigCalls.merge(call, into: &capture.configCalls) }
    let context = DbtContext(self, role: .node, package: name, node: node, capture: capture)
    _ = try render(code, name: "inline query", context)
    node.refs = capture.refs
    node.sources = capture.sources
    node.dependsOn.macros = capture.macros
    if let lookup {
      var findings = DependencyResolver.Findings()
      let resolver = DependencyResolver(lookup)
      resolver.refs(of: node, &findings)
      resolver.sources(of: node, &findings)
      let errors = findings.diagnostics.filter { $0.severity == .error }
      if !errors.isEmpty { throw Diagnostics(errors) }
    }
    manifest.nodes.add(node)
    return node
  }
}
