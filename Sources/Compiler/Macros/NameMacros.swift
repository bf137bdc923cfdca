import Diagnostics
import Events
import Jinja
import Manifest
import Project

/// `generate_schema_name`, `generate_alias_name`, `generate_database_name`: run as macros where a project or package
/// replaces them; what the built-in ones would give is computed here.
public final class NameMacros: @unchecked Sendable {
  /// The macros that must be run for nodes of one package; nil where the built-in rule applies.
  private struct Replacements {
    var schema: MacroValue?
    var database: MacroValue?
    var alias: MacroValue?
  }

  private let cache = Locked<[String: Replacements]>([:])
  /// By what is configured, where the built-in rule applies.
  private struct SchemaKey: Hashable {
    let configured: String
    let target: String
  }
  private let schemas = Locked<[SchemaKey: String]>([:])

  private func replacements(for package: String, _ library: MacroLibrary) -> Replacements {
    if let known = cache.withLock({ $0[package] }) { return known }
    let found = Replacements(
      schema: Self.replacement("generate_schema_name", for: package, library),
      database: Self.replacement("generate_database_name", for: package, library),
      alias: Self.replacement("generate_alias_name", for: package, library))
    cache.withLock { $0[package] = found }
    return found
  }

  private static func replacement(_ name: String, for package: String, _ library: MacroLibrary) -> MacroValue? {
    let found = library.generator(name, for: package)
    guard let macro = found, macro.package == "dbt" else { return found }
    let dispatched = library.dispatch(name, namespace: "dbt", from: package)
    return dispatched?.package == "dbt" || dispatched?.package == "dbt_postgres" ? nil : macro
  }

  /// Sets a node's database, schema and alias.
  /// - Parameter config: what it configures of them.
  func name(_ node: Node, by config: NodeConfig, _ project: CompiledProject) throws {
    let replaced = replacements(for: node.packageName, project.macros)
    node.database = try database(config.database, replaced.database, node, project) ?? project.adapter.database
    node.schema = try schema(config[.schema].text, replaced.schema, node, project)
    node.alias = try alias(config[.alias].text, replaced.alias, node, project) ?? node.name
  }

  private func schema(
    _ configured: String?, _ macro: MacroValue?, _ node: Node, _ project: CompiledProject
  ) throws -> String? {
    guard let macro else {
      guard let configured else { return project.defaultSchema }
      // Tests have one schema of their own, in one text for all.
      let key = SchemaKey(configured: configured, target: project.defaultSchema)
      if let known = schemas.withLock({ $0[key] }) { return known }
      let schema = RelationName.defaultSchema(configured: configured, target: project.defaultSchema)
      schemas.withLock { $0[key] = schema }
      return schema
    }
    return try run(macro, configured, node, project)
  }

  private func database(
    _ configured: String?, _ macro: MacroValue?, _ node: Node, _ project: CompiledProject
  ) throws -> String? {
    guard let macro else {
      return RelationName.defaultDatabase(configured: configured, target: project.adapter.database)
    }
    return try run(macro, configured, node, project)
  }

  private func alias(
    _ configured: String?, _ macro: MacroValue?, _ node: Node, _ project: CompiledProject
  ) throws -> String? {
    guard let macro else {
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
