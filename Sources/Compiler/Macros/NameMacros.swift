import Diagnostics
import Events
import Jinja
import Manifest
import Project

/// `generate_schema_name`, `generate_alias_name`, `generate_database_name`: run as macros where a project or package
/// replaces them; what the built-in ones would give is computed here.
public final class NameMacros: @unchecked Sendable {
  private let cache = Locked<[String: MacroValue?]>([:])

  /// The macro that must be run; nil when the built-in rule applies.
  private func replacement(_ name: String, for package: String, _ library: MacroLibrary) -> MacroValue? {
    let key = "\(name) \(package)"
    if let known = cache.withLock({ $0[key] }) { return known }
    var found = library.generator(name, for: package)
    if let macro = found, macro.package == "dbt" {
      found = library.dispatch(name, namespace: "dbt", from: package)
      if found?.package == "dbt" || found?.package == "dbt_postgres" { found = nil } else { found = macro }
    }
    let result = found
    cache.withLock { $0[key] = .some(result) }
    return result
  }

  func schema(_ configured: String?, _ node: Node, _ project: CompiledProject) throws -> String? {
    guard let macro = replacement("generate_schema_name", for: node.packageName, project.macros) else {
      return RelationName.defaultSchema(configured: configured, target: project.defaultSchema)
    }
    return try run(macro, configured, node, project)
  }

  func database(_ configured: String?, _ node: Node, _ project: CompiledProject) throws -> String? {
    guard let macro = replacement("generate_database_name", for: node.packageName, project.macros) else {
      return RelationName.defaultDatabase(configured: configured, target: project.adapter.database)
    }
    return try run(macro, configured, node, project)
  }

  func alias(_ configured: String?, _ node: Node, _ project: CompiledProject) throws -> String? {
    guard let macro = replacement("generate_alias_name", for: node.packageName, project.macros) else {
      return RelationName.defaultAlias(configured: configured, name: node.name, version: node.version)
    }
    return try run(macro, configured, node, project)
  }

  private func run(_ macro: MacroValue, _ configured: String?, _ node: Node, _ project: CompiledProject) throws
    -> String?
  {
    let capture = ParseCapture()
    let context = DbtContext(project, role: .macro, package: project.macros.rootName, node: nil, capture: capture)
    context.requiresVars = true
    let custom: Value = configured.map { .string($0) } ?? .none
    let value = try project.run(macro, Arguments([custom, .object(NodeValue(node))]), context)
    switch value {
    case .none, .undefined: return nil
    default:
      let text = try value.str(nil).string.trimmingSpace
      return text.isEmpty || text == "None" ? nil : text
    }
  }
}
