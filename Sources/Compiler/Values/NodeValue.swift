import Jinja
import Manifest

/// A node as templates see it: `model`, `graph.nodes[…]`, the `node` argument of `generate_schema_name`. Behaves as
/// the dict dbt gives, which is made when something is first asked of it.
public class MappingValue: Object {
  private var made: DictObject?
  func make() -> DictObject { DictObject() }

  final var dict: DictObject {
    if let made { return made }
    let dict = make()
    made = dict
    return dict
  }

  public override var typeName: String { "dict" }
  public override func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? {
    guard Methods.has(.dict(DictObject()), name) else { return nil }
    let dict = dict
    return .object(
      NativeFunction(name.string) { arguments, r in
        try Methods.call(.dict(dict), name, arguments, r) ?? .none
      })
  }
  public override func callMethod(_ name: Str, _ arguments: Arguments, _ interpreter: Interpreter) throws -> Value? {
    if let value = try Methods.call(.dict(dict), name, arguments, interpreter) { return value }
    guard let callee = dict[name] else { return nil }
    return try interpreter.call(callee, arguments)
  }
  public override func item(_ key: Value, _ interpreter: Interpreter) throws -> Value? { try dict.get(key) }
  public override var isMapping: Bool { true }
  public override var length: Int? { dict.count }
  public override var isTrue: Bool { true }
  public override func iterate(_ interpreter: Interpreter) -> ValueIterator? { ArrayIterator(dict.keys) }
  public override func contains(_ member: Value, _ interpreter: Interpreter) throws -> Bool? {
    try dict.get(member) != nil
  }
  public override func str(_ interpreter: Interpreter?) throws -> Str { try Value.dict(dict).str(interpreter) }
  public override func repr(_ interpreter: Interpreter?) throws -> Str { try Value.dict(dict).repr(interpreter) }
}

public final class NodeValue: MappingValue {
  public let node: Node
  private let omitsNulls: Bool

  private let hasToDict: Bool

  /// - Parameters:
  ///   - omitsNulls: as `model` has it: what has no value is not there, so that `is defined` tells.
  ///   - hasToDict: as results have it, where dbt gives its own object.
  public init(_ node: Node, omitsNulls: Bool = false, hasToDict: Bool = false) {
    self.node = node
    self.omitsNulls = omitsNulls
    self.hasToDict = hasToDict
  }

  public override func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? {
    guard hasToDict, name.string == "to_dict" else { return try super.attribute(name, interpreter) }
    let dict = dict
    return .object(NativeFunction("to_dict") { _, _ in .dict(dict.copy()) })
  }

  public override func callMethod(_ name: Str, _ arguments: Arguments, _ interpreter: Interpreter) throws -> Value? {
    guard hasToDict, name.string == "to_dict" else { return try super.callMethod(name, arguments, interpreter) }
    return .dict(dict.copy())
  }

  override func make() -> DictObject {
    let dict = (omitsNulls ? Self.withoutNulls(node.templateFields) : node.templateFields).jinja
    // `string` in a contract is the server's text, in `model` and nowhere else.
    if omitsNulls, node.resourceType != .seed, node.contract.aliasTypes, case .dict(let columns)? = dict["columns"] {
      for (_, column) in columns.pairs {
        guard case .dict(let column) = column, let type = column["data_type"]?.asString else { continue }
        column["data_type"] = .string(ColumnValue.translate(type))
      }
    }
    if let batch = node.batch {
      dict["batch"] = .dict([
        "id": .string(batch.id), "event_time_start": .string(batch.start), "event_time_end": .string(batch.end),
      ])
    }
    return dict
  }

  /// Members that are objects of dbt's lose their nulls too; what users keep in `meta` and the like stays as it is.
  private static func withoutNulls(_ fields: ConfigDict) -> ConfigDict {
    let objects: Set = ["columns", "config", "constraints", "contract", "docs", "refs"]
    var out = ConfigDict()
    for entry in fields where !entry.value.isNull {
      out[entry.key] = objects.contains(entry.key) ? trimmed(entry.value) : entry.value
    }
    return out
  }

  private static func trimmed(_ value: ConfigValue) -> ConfigValue {
    switch value {
    case .list(let items): return .list(items.map(trimmed))
    case .dict(let dict):
      var out = ConfigDict()
      for entry in dict where !entry.value.isNull {
        out[entry.key] = entry.key == "meta" ? entry.value : trimmed(entry.value)
      }
      return .dict(out)
    default: return value
    }
  }
}

public final class SourceValue: MappingValue {
  public let source: SourceDefinition
  public init(_ source: SourceDefinition) { self.source = source }
  override func make() -> DictObject { source.templateFields.jinja }
}

/// `graph`: nodes, sources and the rest by unique id.
final class GraphValue: MappingValue {
  private let project: CompiledProject
  init(_ project: CompiledProject) { self.project = project }

  override func make() -> DictObject {
    let manifest = project.manifest
    func table<R: Resource>(_ resources: ResourceTable<R>, _ value: (R) -> Value) -> Value {
      let dict = DictObject(capacity: resources.count)
      for resource in resources { dict[resource.uniqueID] = value(resource) }
      return .dict(dict)
    }
    let out = DictObject()
    out["exposures"] = table(manifest.exposures) { .dict($0.templateFields.jinja) }
    out["groups"] = table(manifest.groups) { .dict($0.templateFields.jinja) }
    out["metrics"] = table(manifest.metrics) { .dict($0.templateFields.jinja) }
    out["nodes"] = table(manifest.nodes) { .object(NodeValue($0)) }
    out["sources"] = table(manifest.sources) { .object(SourceValue($0)) }
    out["semantic_models"] = table(manifest.semanticModels) { .dict($0.templateFields.jinja) }
    out["saved_queries"] = table(manifest.savedQueries) { .dict($0.templateFields.jinja) }
    out["functions"] = table(manifest.functions) { .object(NodeValue($0)) }
    return out
  }
}
