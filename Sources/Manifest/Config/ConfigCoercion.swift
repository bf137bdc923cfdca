/// What reading a level into dbt's typed configuration does to its values: hooks become dicts, fixed objects get all
/// their keys and lose unknown ones, enumerations are checked, `limit` becomes an int.
enum ConfigCoercion {
  static func coerce(_ value: ConfigValue, _ key: ConfigKey, _ type: ResourceType) throws(ConfigProblem) -> ConfigValue
  {
    switch key {
    case .preHook, .postHook: return try hooks(value, key)
    case .docs: return .dict(fixed(value, ["show": true, "node_color": nil]))
    case .contract: return .dict(fixed(value, ["enforced": false, "alias_types": true]))
    case .cache: return .dict(fixed(value, ["enabled": false]))
    case .snapshotMetaColumnNames:
      guard value.asDict != nil else { throw invalid(value, key, "SnapshotMetaColumnNames", type) }
      return .dict(
        fixed(
          value,
          [
            "dbt_valid_to": nil, "dbt_valid_from": nil, "dbt_scd_id": nil, "dbt_updated_at": nil,
            "dbt_is_deleted": nil,
          ]))
    case .freshness: return type == .model ? try modelFreshness(value) : try sourceFreshness(value, key, type)
    case .staticAnalysis:
      if case .bool(let on) = value { return on ? "on" : "off" }
      return value
    case .access:
      return try oneOf(value, ["private", "protected", "public"], key, "AccessType", type)
    case .onConfigurationChange:
      return try oneOf(value, ["apply", "continue", "fail"], key, "OnConfigurationChangeOption", type)
    case .type:
      return try oneOf(value, ["scalar", "aggregate", "table"], key, "FunctionType", type)
    case .volatility:
      if value.isNull { return value }
      return try oneOf(
        value, ["deterministic", "stable", "non-deterministic"], key, "Optional[FunctionVolatility]", type)
    case .exportAs:
      if value.isNull { return value }
      return try oneOf(value, ["table", "view", "cache"], key, "Optional[ExportDestinationType]", type)
    case .limit: return try limit(value, key, type)
    case .tags:
      // Sources and exposures replace their tags instead of adding to them: one tag alone is still a list.
      if case .string = value { return .list([value]) }
      return value
    case .persistDocs, .columnTypes, .quoting, .meta, .grants:
      guard value.asDict != nil else { throw invalid(value, key, "Dict[str, Any]", type) }
      return value
    default: return value
    }
  }

  /// The known keys of an object in their order, with defaults; others are dropped, as dbt drops them.
  private static func fixed(_ value: ConfigValue, _ defaults: ConfigDict) -> ConfigDict {
    guard case .dict(let dict) = value else { return defaults }
    var out = defaults
    for entry in defaults { if let given = dict[entry.key] { out[entry.key] = given } }
    return out
  }

  private static func hooks(_ value: ConfigValue, _ key: ConfigKey) throws(ConfigProblem) -> ConfigValue {
    var out: [ConfigValue] = []
    for item in value.listified { out.append(.dict(try hook(item, key))) }
    return .list(out)
  }

  /// A hook is SQL, or a dict with `sql`, or the JSON text of one (`before_begin()` writes that).
  private static func hook(_ item: ConfigValue, _ key: ConfigKey) throws(ConfigProblem) -> ConfigDict {
    var dict: ConfigDict
    switch item {
    case .dict(let given): dict = given
    case .string(let text):
      switch JSONParser.parse(text) {
      case .dict(let parsed)?: dict = parsed
      case .some(let other):
        throw ConfigProblem(
          "config-type", "at path ['\(key.name)']: a hook must be SQL or a mapping, got \(other.pythonRepr)",
          key: key.name)
      case nil: dict = ["sql": .string(text)]
      }
    default:
      throw ConfigProblem(
        "config-type", "at path ['\(key.name)']: a hook must be SQL or a mapping, got \(item.pythonRepr)",
        key: key.name)
    }
    guard let sql = dict["sql"] else {
      throw ConfigProblem(
        "config-value", "at path ['\(key.name)']: a hook needs 'sql', got \(item.pythonRepr)", key: key.name)
    }
    dict = ["sql": sql, "transaction": dict["transaction"] ?? true, "index": dict["index"] ?? nil]
    return dict
  }

  private static func modelFreshness(_ value: ConfigValue) throws(ConfigProblem) -> ConfigValue {
    guard case .dict(let dict) = value, let after = dict["build_after"] else { return .null }
    guard case .dict(let given) = after else {
      throw ConfigProblem(
        "config-value",
        "Field \"build_after\" of type ModelBuildAfter in ModelFreshness has invalid value \(after.pythonRepr)",
        key: "freshness")
    }
    let period = given["period"] ?? .null
    let updates = given["updates_on"] ?? "any"
    let periods: [ConfigValue] = ["minute", "hour", "day", .null]
    guard periods.contains(period), updates == "any" || updates == "all" else {
      throw ConfigProblem(
        "config-value",
        "Field \"build_after\" of type ModelBuildAfter in ModelFreshness has invalid value \(after.pythonRepr)",
        key: "freshness", hint: "the period is minute, hour or day; updates_on is any or all")
    }
    let count = given["count"] ?? .null
    if !period.isNull, count.isNull {
      throw ConfigProblem(
        "config-value", "at path []: `freshness.build_after` must have a value for `count` if a `period` is provided",
        key: "freshness")
    }
    if period.isNull, !count.isNull {
      throw ConfigProblem(
        "config-value", "at path []: `freshness.build_after` must have a value for `period` if a `count` is provided",
        key: "freshness")
    }
    return ["build_after": ["count": count, "period": period, "updates_on": updates]]
  }

  private static func sourceFreshness(
    _ value: ConfigValue, _ key: ConfigKey, _ type: ResourceType
  ) throws(ConfigProblem) -> ConfigValue {
    if value.isNull { return value }
    guard case .dict(let dict) = value else { throw invalid(value, key, "Optional[FreshnessThreshold]", type) }
    var out: ConfigDict = [:]
    for name in ["warn_after", "error_after"] {
      guard let time = dict[name] else {
        out[name] = ["count": nil, "period": nil]
        continue
      }
      if time.isNull {
        out[name] = .null
      } else {
        guard time.asDict != nil else { throw invalid(value, key, "Optional[FreshnessThreshold]", type) }
        let fields = fixed(time, ["count": nil, "period": nil])
        let periods: [ConfigValue] = ["minute", "hour", "day", .null]
        guard periods.contains(fields["period"] ?? .null) else {
          throw invalid(value, key, "Optional[FreshnessThreshold]", type)
        }
        out[name] = .dict(fields)
      }
    }
    out["filter"] = dict["filter"] ?? .null
    return .dict(out)
  }

  private static func limit(
    _ value: ConfigValue, _ key: ConfigKey, _ type: ResourceType
  ) throws(ConfigProblem) -> ConfigValue {
    switch value {
    case .null, .int, .bigInt: return value
    case .bool(let b): return .int(b ? 1 : 0)
    case .double(let d):
      guard d.magnitude < 9e18 else { throw invalid(value, key, "Optional[int]", type) }
      return .int(Int(d))
    case .string(let s):
      let trimmed = s.drop { $0.isWhitespace }
      guard let number = Int(trimmed) else { throw invalid(value, key, "Optional[int]", type) }
      return .int(number)
    default: throw invalid(value, key, "Optional[int]", type)
    }
  }

  private static func oneOf(
    _ value: ConfigValue, _ words: [String], _ key: ConfigKey, _ typeName: String, _ type: ResourceType
  ) throws(ConfigProblem) -> ConfigValue {
    if case .string(let word) = value, words.contains(word) { return value }
    var problem = invalid(value, key, typeName, type)
    problem.hint = "it is one of: " + words.joined(separator: ", ")
    throw problem
  }

  /// In the words of the library dbt reads configurations with.
  private static func invalid(
    _ value: ConfigValue, _ key: ConfigKey, _ typeName: String, _ type: ResourceType
  ) -> ConfigProblem {
    let field = key == .preHook ? "pre_hook" : key == .postHook ? "post_hook" : key.name
    return ConfigProblem(
      "config-value",
      "Field \"\(field)\" of type \(typeName) in \(className(type)) has invalid value \(value.pythonRepr)",
      key: key.name)
  }

  static func className(_ type: ResourceType) -> String {
    switch type {
    case .model: "ModelConfig"
    case .seed: "SeedConfig"
    case .snapshot: "SnapshotConfig"
    case .test: "TestConfig"
    case .function: "FunctionConfig"
    case .source: "SourceConfig"
    case .exposure: "ExposureConfig"
    case .metric: "MetricConfig"
    case .semanticModel: "SemanticModelConfig"
    case .savedQuery: "SavedQueryConfig"
    case .unitTest: "UnitTestConfig"
    case .group: "GroupConfig"
    default: "NodeConfig"
    }
  }
}
