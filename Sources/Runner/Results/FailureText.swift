import Compiler
import Diagnostics
import Manifest

/// A node's failure as the text of its result: what kind, in which node, why, and where to look.
enum FailureText {
  static func of(_ error: ExecutionError, _ resource: GraphResource) -> String {
    let node = resource as? Node
    var lines = ["\(error.kind.title) in \(resource.described)"]
    lines += error.message.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
    if var diagnostic = error.diagnostic {
      diagnostic.subject = resource.described
      // What was made of a properties file's entry nobody wrote: the entry is where to look.
      if diagnostic.range?.source.isInternal ?? false,
        diagnostic.calls.allSatisfy({ $0.range?.source.isInternal ?? true }),
        (resource as? Node)?.isGenericTest ?? (resource is UnitTest)
      {
        diagnostic.range = resource.range
      }
      lines += DiagnosticRenderer().details(diagnostic)
    }
    if error.kind == .database {
      if let path = node?.buildPath ?? node?.compiledPath { lines.append("  compiled code at \(path)") }
    }
    return lines.joined(separator: "\n")
  }
}
