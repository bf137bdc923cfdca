import Manifest
import Project

/// What a source's and its table's entries say together.
enum SourceProperties {
  static func meta(_ source: ConfigDict, _ table: ConfigDict) -> ConfigDict {
    var out = ConfigDict()
    for level in [source, table] {
      out.update(level["meta"]?.asDict ?? ConfigDict())
      out.update(level["config"]?.asDict?["meta"]?.asDict ?? ConfigDict())
    }
    return out
  }

  static func tags(_ source: ConfigDict, _ table: ConfigDict) -> [String] {
    var out: Set<String> = []
    for level in [source, table] {
      out.formUnion(level["tags"]?.asStrings ?? [])
      out.formUnion(level["config"]?.asDict?["tags"]?.asStrings ?? [])
    }
    return out.sorted { isOrdered($0, $1) }
  }

  static func quoting(_ source: ConfigDict?, _ table: ConfigDict?) -> Quoting {
    func part(_ key: String) -> Bool? { (table?[key] ?? source?[key])?.asBool }
    return Quoting(
      database: part("database"), schema: part("schema"), identifier: part("identifier"), column: part("column"))
  }

  static func owner(_ dict: ConfigDict?) -> Owner {
    var owner = Owner(email: dict?["email"] ?? .null, name: dict?["name"]?.text)
    for entry in dict ?? ConfigDict() where entry.key != "email" && entry.key != "name" {
      owner.extra[entry.key] = entry.value
    }
    return owner
  }

  /// The field or query that tells when rows were loaded; the table's counts before the source's.
  static func loadedAt(_ source: ConfigDict, _ table: ConfigDict) -> (field: String?, query: String?) {
    func get(_ level: ConfigDict, _ key: String) -> ConfigValue? { level[key] ?? level["config"]?.asDict?[key] }
    let tableField = get(table, "loaded_at_field")
    let field = tableField != nil ? tableField?.text : get(source, "loaded_at_field")?.text
    let tableQuery = get(table, "loaded_at_query")?.text
    let query = tableQuery ?? (tableField != nil ? nil : get(source, "loaded_at_query")?.text)
    return (field, query)
  }

  /// Freshness of the table over the source's, threshold by threshold; nil when nothing was said.
  static func freshness(_ source: ConfigDict, _ table: ConfigDict) -> ConfigValue? {
    let levels = [
      source["freshness"], source["config"]?.asDict?["freshness"], table["freshness"],
      table["config"]?.asDict?["freshness"],
    ].compactMap { $0 }
    guard !levels.isEmpty else { return nil }
    var merged: ConfigDict? = empty
    for level in levels {
      guard case .dict(let update) = level else {
        merged = nil
        continue
      }
      var base = merged ?? empty
      for key in ["warn_after", "error_after"] {
        guard let value = update[key] else { continue }
        if case .dict(let new) = value {
          var old = base[key]?.asDict ?? ConfigDict()
          old.update(new)
          base[key] = .dict(["count": old["count"] ?? .null, "period": old["period"] ?? .null])
        } else {
          base[key] = value
        }
      }
      if let filter = update["filter"] { base["filter"] = filter }
      merged = base
    }
    return merged.map { .dict($0) } ?? .null
  }

  private static var empty: ConfigDict {
    ["warn_after": ["count": nil, "period": nil], "error_after": ["count": nil, "period": nil], "filter": nil]
  }

  static func threshold(_ value: ConfigValue) -> FreshnessThreshold? {
    guard let dict = value.asDict else { return nil }
    func time(_ key: String) -> FreshnessThreshold.Time? {
      guard let time = dict[key]?.asDict else { return nil }
      return FreshnessThreshold.Time(count: time["count"]?.asInt, period: time["period"]?.asString)
    }
    return FreshnessThreshold(
      warnAfter: time("warn_after"), errorAfter: time("error_after"), filter: dict["filter"]?.asString)
  }

  static func external(_ value: ConfigValue) -> ConfigDict? {
    guard let dict = value.asDict else { return nil }
    var out = ConfigDict()
    for key in ["location", "file_format", "row_format", "tbl_properties", "partitions"] {
      out[key] = dict[key] ?? .null
    }
    out.update(dict)
    return out
  }
}

/// The keys that manifests show of the semantic layer's objects, with their defaults.
enum SemanticDefaults {
  static func filter(_ value: ConfigValue?) -> ConfigValue {
    guard let value, !value.isNull else { return .null }
    return .dict([
      "where_filters": .list(value.listified.map { .dict(["where_sql_template": $0]) })
    ])
  }

  static func members(_ value: ConfigValue?, _ defaults: ConfigDict) -> ConfigValue {
    .list(
      (value?.asList ?? []).compactMap(\.asDict).map { item in
        var out = defaults
        out.update(item)
        return .dict(out)
      })
  }

  static let entity: ConfigDict = [
    "name": nil, "type": nil, "description": nil, "label": nil, "role": nil, "expr": nil,
    "config": ["meta": [:]],
  ]
  static let measure: ConfigDict = [
    "name": nil, "agg": nil, "description": nil, "label": nil, "create_metric": false, "expr": nil,
    "agg_params": nil, "non_additive_dimension": nil, "agg_time_dimension": nil, "config": ["meta": [:]],
  ]
  static let dimension: ConfigDict = [
    "name": nil, "type": nil, "description": nil, "label": nil, "is_partition": false, "type_params": nil,
    "expr": nil, "metadata": nil, "config": ["meta": [:]],
  ]

  static func typeParameters(_ given: ConfigDict) -> ConfigDict {
    var out: ConfigDict = [
      "measure": nil, "input_measures": [], "numerator": nil, "denominator": nil, "expr": nil, "window": nil,
      "grain_to_date": nil, "metrics": [], "conversion_type_params": nil, "cumulative_type_params": nil,
      "metric_aggregation_params": nil,
    ]
    for entry in given {
      switch entry.key {
      case "measure", "numerator", "denominator":
        out[entry.key] = input(entry.value)
      case "metrics": out["metrics"] = .list((entry.value.asList ?? []).map(input))
      default: out[entry.key] = entry.value
      }
    }
    if let measure = out["measure"], !measure.isNull { out["input_measures"] = .list([measure]) }
    return out
  }

  private static func input(_ value: ConfigValue) -> ConfigValue {
    var out: ConfigDict = ["name": nil, "filter": nil, "alias": nil]
    switch value {
    case .string: out["name"] = value
    case .dict(let dict):
      out.update(dict)
      out["filter"] = filter(dict["filter"])
    default: return value
    }
    return .dict(out)
  }
}
