import Compiler
import Events
import Manifest

/// How nodes are called in lines and events.
enum NodeDescription {
  /// `sql table model public.orders`, `test not_null_orders_id`, …
  static func of(_ resource: GraphResource, project: CompiledProject) -> String {
    if let source = resource as? SourceDefinition { return "freshness of \(source.searchName)" }
    if let test = resource as? UnitTest { return "unit_test \(test.model)::\(test.name)" }
    guard let node = resource as? Node else { return "\(resource.resourceType.rawValue) \(resource.name)" }
    switch node.resourceType {
    case .model where MicrobatchRunner.applies(node, project): return "sql microbatch model \(name(node, project))"
    case .model: return "\(node.language.rawValue) \(node.config.materialized) model \(name(node, project))"
    case .seed: return "seed file \(name(node, project))"
    case .snapshot: return "snapshot \(name(node, project))"
    case .test: return "test \(node.name)"
    case .function: return "function \(name(node, project))"
    default: return "\(node.resourceType.rawValue) \(node.name)"
    }
  }

  /// `schema.alias`, with the database when it is not the target's.
  static func name(_ node: Node, _ project: CompiledProject) -> String {
    if node.isEphemeralModel { return "\(node.schema ?? "").\(node.alias)" }
    let name = "\(node.schema ?? "").\(node.alias)"
    if let database = node.database, database.lowercased() != project.adapter.database.lowercased() {
      return "\(database).\(name)"
    }
    return name
  }

  /// - Parameter manifest: where its group is, for events that name it.
  static func info(_ resource: GraphResource, in manifest: Manifest? = nil) -> NodeInfo {
    NodeInfo(uniqueID: resource.uniqueID) { details(resource, in: manifest) }
  }

  private static func details(_ resource: GraphResource, in manifest: Manifest?) -> NodeDetails {
    let node = resource as? Node
    let source = resource as? SourceDefinition
    let test = resource as? UnitTest
    var details = NodeDetails(
      name: source.map { $0.name } ?? resource.name,
      path: node?.path ?? resource.path, checksum: node?.checksum.checksum ?? "",
      materialized: node?.config.materialized ?? "",
      metaJSON: ConfigJSON.object(resource.meta), resourceType: resource.resourceType.rawValue,
      alias: node?.alias ?? "",
      database: node?.database ?? source?.database ?? "",
      schema: node?.schema ?? source?.schema ?? test?.schema ?? "",
      relationName: node?.relationName ?? source?.relationName ?? "")
    if let name = node?.group, let group = manifest?.groups.first(where: { $0.name == name }) {
      details.groupJSON = groupJSON(group)
    }
    return details
  }

  /// All an owner has is text here, as in dbt's events.
  private static func groupJSON(_ group: Group) -> String {
    var owner = ConfigDict()
    if !group.owner.email.isNull { owner["email"] = .string(group.owner.email.pythonString) }
    if let name = group.owner.name { owner["name"] = .string(name) }
    for entry in group.owner.extra where !entry.value.isNull { owner[entry.key] = .string(entry.value.pythonString) }
    return ConfigJSON.object([
      "name": .string(group.name), "package_name": .string(group.packageName), "owner": .dict(owner),
    ])
  }

  /// A unit test as it ran: the query made of it, which has a name, but neither times nor a state of its own.
  static func ranInfo(_ test: UnitTest, in project: CompiledProject) -> NodeInfo {
    let model = test.testedNode.flatMap { project.manifest.nodes[$0] }
    let name = UnitTestRunner.name(of: test, model)
    return NodeInfo(uniqueID: test.uniqueID) {
      NodeDetails(
        name: name, path: UnitTestRunner.path(of: name, test), checksum: "", materialized: "unit",
        metaJSON: ConfigJSON.object(test.meta), resourceType: test.resourceType.rawValue,
        alias: name, database: model?.database ?? "", schema: model?.schema ?? "", relationName: "")
    }
  }

  /// Counts by kind: `2 seeds, 3 table models, 16 data tests`.
  static func counts(_ resources: [GraphResource]) -> String {
    var counts: [String: Int] = [:]
    for resource in resources {
      let key: String
      switch resource.resourceType {
      case .model: key = "\((resource as? Node)?.config.materialized ?? "view") model"
      case .operation: key = "project hook"
      default: key = resource.resourceType.rawValue
      }
      counts[key, default: 0] += 1
    }
    return counts.sorted { $0.key < $1.key }.map { plural($0.value, $0.key) }.joined(separator: ", ")
  }

  static func plural(_ count: Int, _ word: String) -> String {
    let shown = word == "test" ? "data test" : word.split(separator: "_").joined(separator: " ")
    if count == 1 { return "\(count) \(shown)" }
    if shown == "analysis" { return "\(count) analyses" }
    if shown.hasSuffix("query") { return "\(count) \(shown.dropLast())ies" }
    return "\(count) \(shown)s"
  }
}

/// How many of what a project holds.
public enum ResourceCounts {
  /// What a project holds: `8 models, 1 analysis, 16 data tests, …`.
  public static func found(_ manifest: Manifest) -> String {
    var counts: [(String, Int)] = []
    for type in [ResourceType.model, .analysis, .test, .seed, .snapshot, .operation, .sqlOperation] {
      counts.append((type.rawValue, manifest.nodes.reduce(0) { $0 + ($1.resourceType == type ? 1 : 0) }))
    }
    counts += [
      ("source", manifest.sources.count), ("exposure", manifest.exposures.count), ("metric", manifest.metrics.count),
      ("macro", manifest.macros.count), ("group", manifest.groups.count),
      ("semantic_model", manifest.semanticModels.count), ("saved_query", manifest.savedQueries.count),
      ("unit_test", manifest.unitTests.count), ("function", manifest.functions.count),
    ]
    return counts.filter { $0.1 > 0 }.map { NodeDescription.plural($0.1, $0.0) }.joined(separator: ", ")
  }
}
