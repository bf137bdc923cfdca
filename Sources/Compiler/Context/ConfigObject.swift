import Diagnostics
import Jinja
import Manifest

/// `config(…)` in a file, and `config.get(…)`, `config.require(…)` where it runs
/// (https://docs.getdbt.com/reference/dbt-jinja-functions/config).
final class ConfigObject: HostObject {
  unowned let context: DbtContext
  init(_ context: DbtContext) { self.context = context }

  override var typeName: String { "Config" }
  override var isCallable: Bool { true }

  /// `config.model`: whose configuration this is; macros of adapters read it.
  override func property(_ name: String) -> Value? {
    guard name == "model", context.capture == nil else { return nil }
    return context.node.map { .object(NodeValue($0)) } ?? context.source.map { .object(SourceValue($0)) }
  }

  override func call(_ arguments: Arguments, _ r: Interpreter) throws -> Value {
    guard let capture = context.capture else { return .string("") }
    var options = ConfigDict()
    if arguments.positional.count == 1, arguments.keywords.isEmpty, case .dict(let dict) = arguments.positional[0] {
      for (key, value) in dict.pairs { options[try key.str(r).string] = ConfigValue(value) }
    } else if arguments.positional.isEmpty, !arguments.keywords.isEmpty {
      for keyword in arguments.keywords { options[keyword.name.string] = ConfigValue(keyword.value) }
    } else {
      throw ExecutionError(.compilation, "Invalid inline model config")
    }
    for (old, new) in [("pre_hook", "pre-hook"), ("post_hook", "post-hook")] {
      guard let value = options[old] else { continue }
      if options[new] != nil {
        throw ExecutionError(
          .compilation, "Invalid config, has conflicting keys \"\(old)\" and \"\(new)\"")
      }
      options[old] = nil
      options[new] = value
    }
    capture.writtenConfig.update(options)
    capture.configCallCount += 1
    try capture.onConfig?(options)
    return .string("")
  }

  override var methodNames: Set<String> { Self.methods }
  private static let methods: Set<String> = [
    "get", "require", "set", "meta_get", "meta_require", "persist_relation_docs", "persist_column_docs",
  ]

  override func invoke(_ name: String, _ a: HostArguments, _ r: Interpreter) throws -> Value {
    if name == "set" {
      return try call(
        Arguments([], keywords: [(Str.make(try a.string(0, "name", r) ?? ""), try a.required(1, "value"))]), r)
    }
    if context.capture != nil {
      return name.hasPrefix("persist_") ? .bool(false) : .string("")
    }
    switch name {
    case "persist_relation_docs": return try persist("relation")
    case "persist_column_docs": return try persist("columns")
    default: break
    }
    let key = try a.string(0, "name", r) ?? ""
    let meta = name.hasPrefix("meta_")
    let required = name.hasSuffix("require")
    let found = meta ? context.node?.config.meta[key] : lookup(key)
    guard let found else {
      if required {
        throw ExecutionError(
          .compilation,
          "Model '\(context.node?.uniqueID ?? "")' does not define a required config parameter '\(key)'.")
      }
      return a.optional(1, "default") ?? .none
    }
    let value = found.jinja
    // `get` looks only where it is told a default.
    if let validator = a.optional(required ? 1 : 2, "validator"), !validator.isNone,
      required || !(a.optional(1, "default") ?? .none).isNone
    {
      _ = try r.call(validator, Arguments([value]))
    }
    return value
  }

  /// A key's value; a known key that is unset is there with null, as in dbt.
  private func lookup(_ key: String) -> ConfigValue? {
    if let source = context.source { return source.config[name: key] }
    guard let node = context.node else { return nil }
    let config = node.config
    if key == "snapshot_table_column_names", node.resourceType == .snapshot {
      // Every column a snapshot adds, by the names the project gives them.
      var names: ConfigDict = [
        "dbt_valid_to": "dbt_valid_to", "dbt_valid_from": "dbt_valid_from", "dbt_scd_id": "dbt_scd_id",
        "dbt_updated_at": "dbt_updated_at", "dbt_is_deleted": "dbt_is_deleted",
      ]
      for entry in config[name: "snapshot_meta_column_names"]?.asDict ?? ConfigDict() where entry.value.isTrue {
        names[entry.key] = entry.value
      }
      return .dict(names)
    }
    return config[name: key]
  }

  private func persist(_ part: String) throws -> Value {
    guard let value = lookup("persist_docs") else { return .bool(false) }
    guard case .dict(let dict) = value else {
      throw ExecutionError(
        .compilation,
        "Invalid value provided for 'persist_docs'. Expected dict but received <class '\(value.typeName)'>")
    }
    return dict[part]?.jinja ?? .bool(false)
  }
}
