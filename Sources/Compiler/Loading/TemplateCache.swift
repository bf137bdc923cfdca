import Diagnostics
import Events
import Jinja

/// Templates of nodes, compiled once and rendered by all threads (and for all tenants of a fleet).
final class TemplateCache: Sendable {
  struct Key: Hashable {
    /// Of the node; a generic test's code says all.
    let node: String
    let code: String
  }

  private let templates = Locked<[Key: Template]>([:])

  func template(_ key: Key, _ make: () throws -> Template) rethrows -> Template {
    if let known = templates.withLock({ $0[key] }) { return known }
    let template = try make()
    templates.withLock { $0[key] = template }
    return template
  }
}
