/// Gives metrics and semantic models all the keys manifests have, in their order, from what was written: short forms
/// become objects, absent keys their defaults.
enum SemanticShapes {
  static func complete(_ metric: Metric) {
    let given = metric.typeParams
    var out: ConfigDict = [
      "measure": measure(given["measure"]), "input_measures": .list([]), "numerator": metricInput(given["numerator"]),
      "denominator": metricInput(given["denominator"]), "expr": text(given["expr"]),
      "window": window(given["window"]), "grain_to_date": given["grain_to_date"] ?? .null,
      "metrics": .list((given["metrics"]?.asList ?? []).map { metricInput($0) }),
    ]
    out["conversion_type_params"] = object(given["conversion_type_params"]) { dict in
      [
        "base_measure": measure(dict["base_measure"]), "conversion_measure": measure(dict["conversion_measure"]),
        "entity": dict["entity"] ?? .null, "calculation": dict["calculation"] ?? "conversion_rate",
        "window": window(dict["window"]), "constant_properties": dict["constant_properties"] ?? .null,
      ]
    }
    out["cumulative_type_params"] = cumulative(metric)
    out["metric_aggregation_params"] = given["metric_aggregation_params"] ?? .null
    metric.typeParams = out
    metric.filter = filter(metric.filter)
  }

  /// Only cumulative metrics have these; what older projects say one level up counts where nothing newer does.
  private static func cumulative(_ metric: Metric) -> ConfigValue {
    guard metric.type.lowercased() == "cumulative" else { return .null }
    let given = metric.typeParams
    let own = given["cumulative_type_params"]?.asDict ?? ConfigDict()
    func either(_ key: String) -> ConfigValue? {
      if let value = own[key], value.isTrue { return value }
      return given[key]
    }
    return [
      "window": window(either("window")), "grain_to_date": either("grain_to_date") ?? .null,
      "period_agg": own["period_agg"] ?? "first", "metric": metricInput(own["metric"]),
    ]
  }

  /// An expression that YAML reads as a number or a truth value is still an expression.
  private static func text(_ value: ConfigValue?) -> ConfigValue {
    guard let value, !value.isNull else { return .null }
    return .string(value.pythonString)
  }

  static func complete(_ model: SemanticModel) {
    let meta = model.config.meta
    model.entities = list(model.entities) { dict in
      pick(dict, ["name", "type", "description", "label", "role", "expr"], meta)
    }
    model.measures = list(model.measures) { dict in
      var out = pick(dict, ["name", "agg", "description", "label"], nil)
      // A measure that asks for a metric gets one; the measure itself no longer says so.
      out["create_metric"] = false
      out["expr"] = text(dict["expr"])
      out["agg_params"] = object(dict["agg_params"]) { given in
        [
          "percentile": given["percentile"] ?? .null,
          "use_discrete_percentile": given["use_discrete_percentile"] ?? false,
          "use_approximate_percentile": given["use_approximate_percentile"] ?? false,
        ]
      }
      out["non_additive_dimension"] = object(dict["non_additive_dimension"]) { given in
        [
          "name": given["name"] ?? .null, "window_choice": given["window_choice"] ?? "min",
          "window_groupings": given["window_groupings"] ?? .list([]),
        ]
      }
      out["agg_time_dimension"] = dict["agg_time_dimension"] ?? .null
      out["config"] = config(dict, meta)
      return out
    }
    model.dimensions = list(model.dimensions) { dict in
      var out = pick(dict, ["name", "type", "description", "label"], nil)
      out["is_partition"] = dict["is_partition"] ?? false
      out["type_params"] = object(dict["type_params"]) { given in
        [
          "time_granularity": given["time_granularity"] ?? .null,
          "validity_params": object(given["validity_params"]) { validity in
            ["is_start": validity["is_start"] ?? false, "is_end": validity["is_end"] ?? false]
          },
        ]
      }
      out["expr"] = dict["expr"] ?? .null
      out["metadata"] = dict["metadata"] ?? .null
      out["config"] = config(dict, meta)
      return out
    }
  }

  private static func pick(_ dict: ConfigDict, _ keys: [String], _ meta: ConfigDict?) -> ConfigDict {
    var out = ConfigDict()
    for key in keys { out[key] = dict[key] ?? .null }
    if let meta { out["config"] = config(dict, meta) }
    return out
  }

  /// An element has its model's meta, its own laid over it.
  private static func config(_ dict: ConfigDict, _ meta: ConfigDict) -> ConfigValue {
    var merged = meta
    merged.update(dict["config"]?.asDict?["meta"]?.asDict ?? ConfigDict())
    return ["meta": .dict(merged)]
  }

  private static func list(_ value: ConfigValue, _ complete: (ConfigDict) -> ConfigDict) -> ConfigValue {
    .list((value.asList ?? []).map { item in item.asDict.map { .dict(complete($0)) } ?? item })
  }

  private static func object(_ value: ConfigValue?, _ complete: (ConfigDict) -> ConfigDict) -> ConfigValue {
    guard let dict = value?.asDict else { return .null }
    return .dict(complete(dict))
  }

  private static func measure(_ value: ConfigValue?) -> ConfigValue {
    if case .string? = value { return measure(["name": value ?? .null]) }
    return object(value) { dict in
      [
        "name": dict["name"] ?? .null, "filter": filter(dict["filter"]), "alias": dict["alias"] ?? .null,
        "join_to_timespine": dict["join_to_timespine"] ?? false, "fill_nulls_with": dict["fill_nulls_with"] ?? .null,
      ]
    }
  }

  private static func metricInput(_ value: ConfigValue?) -> ConfigValue {
    if case .string? = value { return metricInput(["name": value ?? .null]) }
    return object(value) { dict in
      [
        "name": dict["name"] ?? .null, "filter": filter(dict["filter"]), "alias": dict["alias"] ?? .null,
        "offset_window": window(dict["offset_window"]), "offset_to_grain": dict["offset_to_grain"] ?? .null,
      ]
    }
  }

  /// `7 days` is a count and a granularity.
  private static func window(_ value: ConfigValue?) -> ConfigValue {
    guard case .string(let text)? = value else { return value ?? .null }
    let parts = text.split(separator: " ")
    guard parts.count == 2, let count = Int(parts[0]) else { return .string(text) }
    var unit = parts[1].lowercased()
    if unit.hasSuffix("s") { unit.removeLast() }
    return ["count": .int(count), "granularity": .string(unit)]
  }

  /// Text, or texts that must all hold.
  private static func filter(_ value: ConfigValue?) -> ConfigValue {
    guard let value, !value.isNull else { return .null }
    guard value.asDict == nil else { return value }
    return ["where_filters": .list(value.listified.map { ["where_sql_template": $0] })]
  }
}
