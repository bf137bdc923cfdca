/// The configuration of one resource: a value for every known key of its type, and whatever else was configured.
///
/// Known values sit in an array in the schema's order, copied on write, so that the many nodes that configure nothing
/// share one array. `[.key]` costs two array reads.
public struct NodeConfig: Sendable {
  public let type: ResourceType
  public private(set) var values: [ConfigValue]
  /// Keys dbt's schema does not know, in the order they came (`unlogged`, `indexes`, packages' own keys).
  public var extra = ConfigDict()

  /// The defaults of a resource type.
  public init(_ type: ResourceType) {
    self.type = type
    values = ConfigSchema.of(type).defaults
  }

  public var schema: ConfigSchema { ConfigSchema.of(type) }

  /// Where the values are held, by which one array is known again as long as someone holds it; nil when there are
  /// others beside them.
  var sharedValues: UnsafeRawPointer? {
    extra.isEmpty ? values.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) } : nil
  }

  /// A known key's value; null for keys the type does not have. Setting those does nothing.
  public subscript(_ key: ConfigKey) -> ConfigValue {
    get {
      let position = schema.position(key)
      return position < 0 ? .null : values[position]
    }
    set {
      let position = schema.position(key)
      if position >= 0 { values[position] = newValue }
    }
  }

  /// Any key by name, as `config.get` finds it; `pre_hook` and `post_hook` are found too. Nil when it is neither
  /// known to the type nor configured.
  public subscript(name name: String) -> ConfigValue? {
    get {
      if let key = Self.key(name), schema.contains(key) { return self[key] }
      return extra[name]
    }
    set {
      if let key = Self.key(name), schema.contains(key) {
        self[key] = newValue ?? .null
      } else {
        extra[name] = newValue
      }
    }
  }

  static func key(_ name: String) -> ConfigKey? {
    if let key = ConfigKey.named(name) { return key }
    switch name {
    case "pre_hook": return .preHook
    case "post_hook": return .postHook
    default: return nil
    }
  }

  /// Everything as one dict: known keys in the schema's order, then the extra ones.
  public var dict: ConfigDict {
    var out = ConfigDict()
    out.reserveCapacity(values.count + extra.count)
    for (field, value) in zip(schema.fields, values) { out.append(field.key.name, value) }
    for entry in extra { out[entry.key] = entry.value }
    return out
  }
}

extension NodeConfig {
  public var enabled: Bool { self[.enabled].asBool ?? true }
  public var alias: String? { self[.alias].asString }
  public var schemaName: String? { self[.schema].asString }
  public var database: String? { self[.database].asString }
  public var tags: [String] { self[.tags].asStrings ?? [] }
  public var meta: ConfigDict { self[.meta].asDict ?? ConfigDict() }
  public var group: String? { self[.group].asString }
  public var materialized: String { self[.materialized].asString ?? "" }
  public var incrementalStrategy: String? { self[.incrementalStrategy].asString }
  public var fullRefresh: Bool? { self[.fullRefresh].asBool }
  public var isContractEnforced: Bool { self[.contract].asDict?["enforced"]?.asBool ?? false }
  public var preHooks: [Hook] { Self.hooks(self[.preHook]) }
  public var postHooks: [Hook] { Self.hooks(self[.postHook]) }
  public var eventTime: String? { self[.eventTime].asString }
  public var grants: ConfigDict { self[.grants].asDict ?? ConfigDict() }
  public var docs: DocsOptions {
    guard let dict = self[.docs].asDict else { return DocsOptions() }
    return DocsOptions(show: dict["show"]?.asBool ?? true, nodeColor: dict["node_color"]?.asString)
  }
  /// `ERROR` or `WARN` in whatever case it was written.
  public var severity: String { self[.severity].asString ?? "ERROR" }

  private static func hooks(_ value: ConfigValue) -> [Hook] {
    guard case .list(let items) = value else { return [] }
    return items.compactMap { item in
      guard let dict = item.asDict, let sql = dict["sql"]?.asString else { return nil }
      return Hook(sql: sql, transaction: dict["transaction"]?.asBool ?? true, index: dict["index"]?.asInt)
    }
  }
}
