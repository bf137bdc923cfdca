import Diagnostics
import Events
import Jinja
import Manifest

/// Templates of nodes, compiled once and rendered by all threads (and for all tenants of a fleet).
final class TemplateCache: Sendable {
  struct Key: Hashable {
    /// Of the node; a generic test's code says all.
    let node: String
    let code: String

    init(node: String, code: String) {
      self.node = node
      self.code = code
    }

    init(_ node: Node) { self.init(node: node.isGenericTest ? "" : node.uniqueID, code: node.rawCode) }
  }

  private let templates = Locked<[Key: Template]>([:])
  /// Whether the tenants of a fleet render the same ones.
  private let isShared: Bool

  init(isShared: Bool = false) { self.isShared = isShared }

  func template(_ key: Key, _ make: () throws -> Template) rethrows -> Template {
    if let known = templates.withLock({ $0[key] }) { return known }
    let template = try make()
    templates.withLock { $0[key] = template }
    return template
  }

  /// Lets go of a template that was rendered for good: while a project is compiled its templates give way to the SQL
  /// that comes of them. What is asked for again is compiled again.
  func forget(_ key: Key) {
    if !isShared { templates.withLock { _ = $0.removeValue(forKey: key) } }
  }
}
