import Compiler
import Diagnostics
import Manifest

/// A node's failure as the text of its result: what kind, in which node, why, and where to look.
enum FailureText {
  static func of(_ error: ExecutionError, _ resource: GraphResource) -> String {
    let node = resource as? Node
    var lines = [
      "\(error.kind.rawValue) in \(resource.resourceType.rawValue) \(resource.name) (\(resource.originalFilePath))"
    ]
    lines += error.message.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
    if let diagnostic = error.diagnostic {
      let body = DiagnosticRenderer()
      if let range = diagnostic.range { lines += body.snippet(range) }
      for note in diagnostic.notes { lines.append("  > \(note.message)") }
      if let hint = diagnostic.hint { lines.append("  hint: \(hint)") }
    }
    if error.kind == .database {
      if let path = node?.buildPath ?? node?.compiledPath { lines.append("  compiled code at \(path)") }
    }
    return lines.joined(separator: "\n")
  }
}
