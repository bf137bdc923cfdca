/// The configuration keys dbt knows for some resource type. The name is what manifests use; the two hook keys are
/// also read as `pre_hook` and `post_hook`.
public enum ConfigKey: UInt8, Sendable, CaseIterable {
  case enabled, alias, schema, database, tags, meta, group, staticAnalysis, materialized, incrementalStrategy
  case batchSize, lookback, begin, persistDocs, postHook, preHook, quoting, columnTypes, fullRefresh, uniqueKey
  case onSchemaChange, onConfigurationChange, grants, packages, docs, contract, eventTime, concurrentBatches
  // Models
  case access, freshness
  // Seeds
  case delimiter, quoteColumns
  // Snapshots
  case strategy, targetSchema, targetDatabase, updatedAt, checkCols, snapshotMetaColumnNames, dbtValidToCurrent
  // Tests
  case severity, storeFailures, storeFailuresAs, `where`, limit, failCalc, warnIf, errorIf
  // Functions
  case type, volatility, runtimeVersion, entryPoint
  // Sources
  case loadedAtField, loadedAtQuery
  // Saved queries
  case exportAs, cache

  public var name: String { Self.names[Int(rawValue)] }

  private static let names: [String] = allCases.map { key in
    switch key {
    case .postHook: "post-hook"
    case .preHook: "pre-hook"
    default: snakeCase("\(key)")
    }
  }

  private static let byName: [String: ConfigKey] = {
    var table: [String: ConfigKey] = [:]
    for key in allCases { table[key.name] = key }
    return table
  }()

  /// The key of exactly this name.
  public static func named(_ name: String) -> ConfigKey? { byName[name] }

  private static func snakeCase(_ name: String) -> String {
    var out = ""
    for character in name {
      if character.isUppercase { out += "_" }
      out += character.lowercased()
    }
    return out
  }
}
