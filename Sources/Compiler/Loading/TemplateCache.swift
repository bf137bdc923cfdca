import Diagnostics
import Events
import Jinja
import Manifest

/// Templates that more than one node has: those of generic tests, and all of a fleet's tenants. Compiled once and
/// rendered by all threads.
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
  let isShared: Bool

  init(isShared: Bool = false) { self.isShared = isShared }

  func template(_ key: Key, _ make: () throws -> Template) rethrows -> Template {
    if let known = templates.withLock({ $0[key] }) { return known }
    let template = try make()
    templates.withLock { $0[key] = template }
    return template
  }
}
