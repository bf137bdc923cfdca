import Compiler
import Diagnostics
import Events
import Manifest
import Runner

/// SQL given on the command line, as a node.
enum InlineNode {
  static func compile(_ sql: String, _ project: CompiledProject) throws -> Node {
    let node: Node
    do { node = try project.inlineNode(sql) } catch {
      let text = ErrorText.of(error, color: project.log.current.consoleColor)
      project.log.emit(
        Event(
          "ParseInlineNodeError", "I069", .error, "Error while parsing node: inline_query\n\(text)",
          data: [("exc", .string(text))]))
      throw Diagnostic("inline-query", .runtime, "Error parsing inline query")
    }
    let session = DatabaseSession(project.adapter, name: "inline_query")
    defer { session.close() }
    try NodeCompiler(project, session: session).compile(node, write: false)
    return node
  }

  static func writeResult(
    _ result: NodeResult, since started: Timestamp, _ invocation: Invocation, _ project: CompiledProject
  ) throws {
    result.executionTime = Timestamp.now() - started
    try ArtifactFiles.writeRunResults(
      invocation, project,
      RunTask.Summary(results: [result], elapsed: result.executionTime, interrupted: false))
  }
}
