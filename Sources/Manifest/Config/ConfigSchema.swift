/// The known configuration keys of one resource type: order (as in manifests), defaults, how levels merge, and which
/// keys count when two configurations are compared (dbt's `artifacts/resources/v1/*.py`).
///
/// A class, because each look at a configuration begins with its schema.
public final class ConfigSchema: Sendable {
  /// How a deeper level changes what a higher one said.
  public enum Merge: Sendable {
    /// The deeper level wins.
    case clobber
    /// Lists are joined.
    case append
    /// Dicts are updated key by key.
    case update
    /// Lists by key; a key with a leading `+` adds to the list instead of replacing it.
    case dictKeyAppend
  }

  public struct Field: Sendable {
    public let key: ConfigKey
    public let defaultValue: ConfigValue
    public let merge: Merge
    /// False for keys that `state:modified.configs` ignores.
    public let isCompared: Bool
  }

  public let fields: [Field]
  /// By the key's raw value: its place in `fields`, or -1.
  let positions: [Int8]
  let defaults: [ConfigValue]

  init(_ fields: [Field]) {
    self.fields = fields
    var positions = [Int8](repeating: -1, count: ConfigKey.allCases.count)
    for (i, field) in fields.enumerated() { positions[Int(field.key.rawValue)] = Int8(i) }
    self.positions = positions
    defaults = fields.map(\.defaultValue)
  }

  @inline(__always) func position(_ key: ConfigKey) -> Int { Int(positions[Int(key.rawValue)]) }

  public func contains(_ key: ConfigKey) -> Bool { position(key) >= 0 }

  /// The schema of a resource type; those without one of their own have the general node's.
  public static func of(_ type: ResourceType) -> ConfigSchema {
    switch type {
    case .model: model
    case .seed: seed
    case .snapshot: snapshot
    case .test: test
    case .function: function
    case .source: source
    case .exposure: exposure
    case .metric, .semanticModel: metric
    case .savedQuery: savedQuery
    case .unitTest: unitTest
    case .group: group
    default: node
    }
  }
}

extension ConfigSchema {
  private static func field(
    _ key: ConfigKey, _ value: ConfigValue = .null, _ merge: Merge = .clobber, compared: Bool = true
  ) -> Field {
    Field(key: key, defaultValue: value, merge: merge, isCompared: compared)
  }

  private static func common(schema: ConfigValue = .null) -> [Field] {
    [
      field(.enabled, true),
      field(.alias, compared: false),
      field(.schema, schema, compared: false),
      field(.database, compared: false),
      field(.tags, [], .append, compared: false),
      field(.meta, [:], .update),
      field(.group, compared: false),
      field(.staticAnalysis),
    ]
  }

  private static func nodeFields(materialized: String) -> [Field] {
    common() + [
      field(.materialized, .string(materialized)),
      field(.incrementalStrategy),
      field(.batchSize),
      field(.lookback, 1),
      field(.begin),
      field(.persistDocs, [:]),
      field(.postHook, [], .append),
      field(.preHook, [], .append),
      field(.quoting, [:], .update),
      field(.columnTypes, [:], .update),
      field(.fullRefresh),
      field(.uniqueKey),
      field(.onSchemaChange, "ignore"),
      field(.onConfigurationChange, "apply"),
      field(.grants, [:], .dictKeyAppend),
      field(.packages, [], .append),
      field(.docs, ["show": true, "node_color": nil], .update),
      field(.contract, ["enforced": false, "alias_types": true], .update),
      field(.eventTime),
      field(.concurrentBatches),
    ]
  }

  static let node = ConfigSchema(nodeFields(materialized: "view"))

  static let model = ConfigSchema(
    nodeFields(materialized: "view") + [field(.access, "protected"), field(.freshness)])

  static let seed = ConfigSchema(
    nodeFields(materialized: "seed") + [field(.delimiter, ","), field(.quoteColumns)])

  static let snapshot = ConfigSchema(
    nodeFields(materialized: "snapshot") + [
      field(.strategy),
      field(.targetSchema),
      field(.targetDatabase),
      field(.updatedAt),
      field(.checkCols),
      field(
        .snapshotMetaColumnNames,
        [
          "dbt_valid_to": nil, "dbt_valid_from": nil, "dbt_scd_id": nil, "dbt_updated_at": nil,
          "dbt_is_deleted": nil,
        ]),
      field(.dbtValidToCurrent),
    ])

  static let test = ConfigSchema(
    common(schema: "dbt_test__audit") + [
      field(.materialized, "test"),
      field(.severity, "ERROR"),
      field(.storeFailures),
      field(.storeFailuresAs),
      field(.where),
      field(.limit),
      field(.failCalc, "count(*)"),
      field(.warnIf, "!= 0"),
      field(.errorIf, "!= 0"),
    ])

  static let function = ConfigSchema(
    nodeFields(materialized: "function") + [
      field(.type, "scalar"), field(.volatility), field(.runtimeVersion), field(.entryPoint),
    ])

  static let source = ConfigSchema([
    field(.enabled, true),
    field(.eventTime),
    field(
      .freshness,
      [
        "warn_after": ["count": nil, "period": nil], "error_after": ["count": nil, "period": nil], "filter": nil,
      ]),
    field(.loadedAtField),
    field(.loadedAtQuery),
    field(.meta, [:], .update),
    field(.tags, []),
    field(.staticAnalysis),
  ])

  static let exposure = ConfigSchema([field(.enabled, true), field(.tags, []), field(.meta, [:])])

  static let metric = ConfigSchema([
    field(.enabled, true), field(.group, compared: false), field(.meta, [:], .update),
  ])

  static let savedQuery = ConfigSchema([
    field(.enabled, true), field(.group, compared: false), field(.meta, [:], .update), field(.exportAs),
    field(.schema), field(.cache, ["enabled": false]),
  ])

  static let unitTest = ConfigSchema([
    field(.tags, [], .append, compared: false), field(.meta, [:], .update), field(.enabled, true),
    field(.staticAnalysis),
  ])

  static let group = ConfigSchema([field(.meta, [:], .update)])
}
