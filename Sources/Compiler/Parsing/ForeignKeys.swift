import Diagnostics
import Manifest

/// Foreign keys of contracts whose `to:` is a `ref()` or `source()`: what they point at is a dependency.
enum ForeignKeys {
  static func isReference(_ text: String) -> Bool {
    let trimmed = text.trimmingSpace
    guard trimmed.hasSuffix(")"), let open = trimmed.firstIndex(of: "(") else { return false }
    return ["ref", "source"].contains(String(trimmed[..<open]).trimmingSpace)
  }

  /// Adds what the constraints of a model and its columns refer to. Throws when a `to:` is neither.
  static func collect(_ node: Node, _ project: CompiledProject, _ reads: TenantReads) throws {
    let constraints = node.constraints + node.columns.flatMap(\.constraints)
    for constraint in constraints where constraint.type == .foreignKey {
      guard let to = constraint.to, !to.isEmpty else { continue }
      guard isReference(to) else {
        throw Diagnostic(
          "foreign-key-to", .parsing,
          "Invalid 'ref' or 'source' syntax on foreign key constraint 'to' on model \(node.name): \(to).",
          hint: "Write `to: ref('model')` or `to: source('source', 'table')`.")
      }
      let capture = ParseCapture()
      let context = DbtContext(project, role: .macro, package: node.packageName, capture: capture)
      context.reads = reads
      _ = try project.render("{{ \(to) }}", name: node.originalFilePath, context)
      node.refs += capture.refs
      node.sources += capture.sources
    }
  }
}
