/// The configuration of every resource of a project and its packages.
///
/// Levels, later ones stronger: the type's defaults, the package's own dbt_project.yml from the top of the tree to
/// the resource, `config:` in properties, `config()` in the file, and for resources of packages the root project's
/// tree (dbt's `ContextConfigGenerator.calculate_node_config`). Immutable after it is made; use it from any thread.
public struct ConfigResolver: Sendable {
  /// The sections of a dbt_project.yml that configure resources, by the keys dbt normalizes to: `models`, `seeds`,
  /// `snapshots`, `sources`, `data_tests`, `metrics`, `semantic_models`, `saved_queries`, `exposures`, `unit_tests`,
  /// `functions`.
  public struct Package: Sendable, Equatable {
    public var name: String
    /// Rendered.
    public var sections: [String: ConfigDict]
    /// As written.
    public var unrendered: [String: ConfigDict]
    public init(name: String, sections: [String: ConfigDict], unrendered: [String: ConfigDict]) {
      self.name = name
      self.sections = sections
      self.unrendered = unrendered
    }
  }

  /// By section.
  private struct Trees: Sendable {
    var rendered: [String: ConfigTree] = [:]
    var unrendered: [String: ConfigTree] = [:]
  }

  private let rootName: String
  private let trees: [String: Trees]

  public init(root: Package, packages: [Package] = []) {
    rootName = root.name
    var trees: [String: Trees] = [:]
    for package in packages + [root] {
      var built = Trees()
      for (section, types) in Self.sections {
        built.rendered[section] = ConfigTree(package.sections[section] ?? ConfigDict(), types: types)
        built.unrendered[section] = ConfigTree(package.unrendered[section] ?? ConfigDict(), types: [])
      }
      trees[package.name] = built
    }
    self.trees = trees
  }

  private static let sections: [(String, [ResourceType])] = [
    // dbt has no section of their own for groups either.
    ("models", [.model, .analysis, .operation, .sqlOperation, .rpc, .group]),
    ("seeds", [.seed]), ("snapshots", [.snapshot]), ("sources", [.source]), ("data_tests", [.test]),
    ("metrics", [.metric]), ("semantic_models", [.semanticModel]), ("saved_queries", [.savedQuery]),
    ("exposures", [.exposure]), ("unit_tests", [.unitTest]), ("functions", [.function]),
  ]

  static func section(_ type: ResourceType) -> String {
    switch type {
    case .seed: "seeds"
    case .snapshot: "snapshots"
    case .source: "sources"
    case .test: "data_tests"
    case .metric: "metrics"
    case .semanticModel: "semantic_models"
    case .savedQuery: "saved_queries"
    case .exposure: "exposures"
    case .unitTest: "unit_tests"
    case .function: "functions"
    default: "models"
    }
  }

  /// What project files alone say, as a node has it before its file is rendered (`config.get` while parsing).
  /// Not validated.
  public func base(_ type: ResourceType, package: String, fqn: [String]) throws(ConfigProblem) -> NodeConfig {
    var config = try own(type, package, fqn)
    try applyRoot(&config, type, package, fqn)
    return config
  }

  /// The complete configuration.
  /// - Parameters:
  ///   - properties: `config:` of the properties file, rendered.
  ///   - call: what `config()` gave in the file, calls merged by `ConfigCalls.merge`.
  ///   - nullsClear: whether a null takes away what project files said, as it does for names in the database.
  public func resolve(
    _ type: ResourceType, package: String, fqn: [String], properties: ConfigDict = ConfigDict(),
    call: ConfigDict = ConfigDict(), nullsClear: Bool = false
  ) throws(ConfigProblem) -> NodeConfig {
    guard let level = trees[package]?.rendered[Self.section(type)]?.level(fqn) else {
      return try resolved(type, package, fqn, properties, call, nullsClear)
    }
    let key = ConfigMemo<NodeConfig>.Key(
      type: type, root: rootLevel(type, package, fqn), properties: properties, call: call, nullsClear: nullsClear)
    if let known = level.resolved[key] { return known }
    let config = try resolved(type, package, fqn, properties, call, nullsClear)
    level.resolved[key] = config
    return config
  }

  /// The deepest level of the root project that is laid over a package's resource; it says which others are.
  private func rootLevel(_ type: ResourceType, _ package: String, _ fqn: [String]) -> ConfigTree.Level? {
    package == rootName ? nil : trees[rootName]?.rendered[Self.section(type)]?.level(fqn)
  }

  private func resolved(
    _ type: ResourceType, _ package: String, _ fqn: [String], _ properties: ConfigDict, _ call: ConfigDict,
    _ nullsClear: Bool
  ) throws(ConfigProblem) -> NodeConfig {
    var config = try own(type, package, fqn)
    if !properties.isEmpty { try config.update(with: ConfigAliases.translated(properties)) }
    if !call.isEmpty { try config.update(with: ConfigAliases.translated(call)) }
    try applyRoot(&config, type, package, fqn)
    try config.finalize()
    // Of a source's configuration nulls are final, too.
    if !nullsClear, type != .source, !properties.isEmpty || !call.isEmpty {
      restoreNulls(&config, try base(type, package: package, fqn: fqn))
    }
    return config
  }

  /// `unrendered_config`: later levels replace keys, nothing is merged.
  /// - Parameters:
  ///   - properties: `config:` of the properties file; as written when the project compares unrendered values.
  ///   - call: `config()` rendered, or as written when the project compares unrendered values.
  public func unrendered(
    _ type: ResourceType, package: String, fqn: [String], properties: ConfigDict = ConfigDict(),
    call: ConfigDict = ConfigDict()
  ) -> ConfigDict {
    // dbt has no unrendered section for functions and reads models' instead.
    // Those with a hyphen in dbt_project.yml it looks for with an underscore, and finds nothing.
    let section: String
    switch type {
    case .function: section = "models"
    case .semanticModel, .savedQuery: section = ""
    default: section = Self.section(type)
    }
    let level = trees[package]?.unrendered[section]?.level(fqn)
    let root = package == rootName ? nil : trees[rootName]?.unrendered[section]
    if root == nil, properties.isEmpty, call.isEmpty { return level?.flat ?? ConfigDict() }
    let key = ConfigMemo<ConfigDict>.Key(
      type: type, root: root?.level(fqn), properties: properties, call: call, nullsClear: false)
    if let known = level?.unrendered[key] { return known }
    var out = level?.flat ?? ConfigDict()
    out.update(ConfigAliases.translated(properties))
    out.update(ConfigAliases.translated(call))
    for level in root?.levels(fqn) ?? [] { out.update(level.own) }
    level?.unrendered[key] = out
    return out
  }

  /// Paths configured in the root project that no resource's fqn starts with, as `models.shop.staging`.
  /// - Parameters:
  ///   - fqns: of the enabled resources by type.
  ///   - disabled: of all disabled resources.
  public func unusedPaths(_ fqns: [ResourceType: [[String]]], disabled: [[String]]) -> [String] {
    guard let root = trees[rootName] else { return [] }
    func prefixes(of list: [[String]]) -> Set<[String]> {
      var out: Set<[String]> = []
      for fqn in list { for length in 0...fqn.count { out.insert(Array(fqn.prefix(length))) } }
      return out
    }
    let disabledPrefixes = prefixes(of: disabled)
    var out: [String] = []
    for (section, types) in Self.sections {
      guard let tree = root.rendered[section], let type = types.first else { continue }
      let used = prefixes(of: fqns[type] ?? [])
      for path in tree.configuredPaths() where !used.contains(path) && !disabledPrefixes.contains(path) {
        out.append(([section] + path).joined(separator: "."))
      }
    }
    return out
  }

  private func own(_ type: ResourceType, _ package: String, _ fqn: [String]) throws(ConfigProblem) -> NodeConfig {
    guard let tree = trees[package]?.rendered[Self.section(type)], let merged = tree.level(fqn).merged[type] else {
      return NodeConfig(type)
    }
    return try merged.get()
  }

  private func applyRoot(
    _ config: inout NodeConfig, _ type: ResourceType, _ package: String, _ fqn: [String]
  ) throws(ConfigProblem) {
    guard package != rootName, let tree = trees[rootName]?.rendered[Self.section(type)] else { return }
    for level in tree.levels(fqn) where !level.own.isEmpty { try config.update(with: level.own) }
  }

  /// A null in properties or `config()` takes nothing away: dbt drops nulls when it puts the final values over what
  /// the project files said.
  private func restoreNulls(_ config: inout NodeConfig, _ base: NodeConfig) {
    for (field, value) in zip(config.schema.fields, config.values) where value.isNull {
      let before = base[field.key]
      if !before.isNull { config[field.key] = before }
    }
  }
}
