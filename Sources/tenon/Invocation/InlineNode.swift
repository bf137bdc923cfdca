import Compiler
import Manifest
import Runner

/// SQL given on the command line, as a node.
enum InlineNode {
  static func compile(_ sql: String, _ project: CompiledProject) throws -> Node {
    let node = try project.inlineNode(sql)
    let session = DatabaseSession(project.adapter, name: "inline_query")
    defer { session.close() }
    try NodeCompiler(project, session: session).compile(node, write: false)
    return node
  }
}
