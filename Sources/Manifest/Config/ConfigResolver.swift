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

  /// By the places of `sections`.
  private struct Trees: Sendable {
    var rendered: [ConfigTree] = []
    var unrendered: [ConfigTree] = []
  }

  private let rootName: String
  private let root: Trees
  private let packages: [String: Trees]

  public init(root: Package, packages: [Package] = []) {
    func trees(_ package: Package) -> Trees {
      var built = Trees()
      for (section, types) in Self.sections {
        built.rendered.append(ConfigTree(package.sections[section] ?? ConfigDict(), types: types))
        built.unrendered.append(ConfigTree(package.unrendered[section] ?? ConfigDict(), types: []))
      }
      return built
    }
    rootName = root.name
    self.root = trees(root)
    self.packages = Dictionary(packages.map { ($0.name, trees($0)) }) { $1 }
  }

  private func trees(of package: String) -> Trees? { package == rootName ? root : packages[package] }

  /// `position` says where a type's is.
  private static let sections: [(String, [ResourceType])] = [
    // dbt has no section of their own for groups either.
    ("models", [.model, .analysis, .operation, .sqlOperation, .rpc, .group]),
    ("seeds", [.seed]), ("snapshots", [.snapshot]), ("sources", [.source]), ("data_tests", [.test]),
    ("metrics", [.metric]), ("semantic_models", [.semanticModel]), ("saved_queries", [.savedQuery]),
    ("exposures", [.exposure]), ("unit_tests", [.unitTest]), ("functions", [.function]),
  ]

  static func section(_ type: ResourceType) -> String { sections[position(type)].0 }

  private static func position(_ type: ResourceType) -> Int {
    switch type {
    case .seed: 1
    case .snapshot: 2
    case .source: 3
    case .test: 4
    case .metric: 5
    case .semanticModel: 6
    case .savedQuery: 7
    case .exposure: 8
    case .unitTest: 9
    case .function: 10
    default: 0
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
    guard let level = trees(of: package)?.rendered[Self.position(type)].level(fqn) else {
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
    package == rootName ? nil : root.rendered[Self.position(type)].level(fqn)
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
    let section: Int?
    switch type {
    case .function: section = Self.position(.model)
    case .semanticModel, .savedQuery: section = nil
    default: section = Self.position(type)
    }
    let level = section.flatMap { trees(of: package)?.unrendered[$0].level(fqn) }
    let root = package == rootName ? nil : section.map { self.root.unrendered[$0] }
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
    func prefixes(of list: [[String]]) -> Set<[String]> {
      var out: Set<[String]> = []
      for fqn in list { for length in 0...fqn.count { out.insert(Array(fqn.prefix(length))) } }
      return out
    }
    let disabledPrefixes = prefixes(of: disabled)
    var out: [String] = []
    for ((section, types), tree) in zip(Self.sections, root.rendered) {
      guard let type = types.first else { continue }
      let used = prefixes(of: fqns[type] ?? [])
      for path in tree.configuredPaths() where !used.contains(path) && !disabledPrefixes.contains(path) {
        out.append(([section] + path).joined(separator: "."))
      }
    }
    return out
  }

  private func own(_ type: ResourceType, _ package: String, _ fqn: [String]) throws(ConfigProblem) -> NodeConfig {
    let level = trees(of: package)?.rendered[Self.position(type)].level(fqn)
    return try level?.merged[type]?.get() ?? NodeConfig(type)
  }

  private func applyRoot(
    _ config: inout NodeConfig, _ type: ResourceType, _ package: String, _ fqn: [String]
  ) throws(ConfigProblem) {
    guard package != rootName else { return }
    for level in root.rendered[Self.position(type)].levels(fqn) where !level.own.isEmpty {
      try config.update(with: level.own)
    }
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
