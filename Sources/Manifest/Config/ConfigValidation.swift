/// The checks dbt makes when a resource's configuration is complete: JSON types of the known keys, and rules between
/// keys.
extension NodeConfig {
  /// Settles keys that depend on each other and checks everything.
  public mutating func finalize() throws(ConfigProblem) {
    if type == .test { settleStoreFailures() }
    for (field, value) in zip(schema.fields, values) {
      try Self.check(value, field.key, type)
    }
    try checkRules()
    if type == .snapshot {
      // dbt reads a snapshot's configuration again without its nulls, which brings the defaults back.
      for field in schema.fields where self[field.key].isNull { self[field.key] = field.defaultValue }
    }
  }

  /// `store_failures_as` wins over `store_failures`, whatever level they come from; each is derived from the other.
  private mutating func settleStoreFailures() {
    switch self[.storeFailuresAs] {
    case .null:
      if case .bool(let store) = self[.storeFailures] { self[.storeFailuresAs] = store ? "table" : "ephemeral" }
    case let kind:
      self[.storeFailures] = .bool(kind != "ephemeral")
    }
  }

  private func checkRules() throws(ConfigProblem) {
    switch type {
    case .test:
      let severity = self[.severity].asString?.lowercased()
      if severity != "warn", severity != "error" {
        throw ConfigProblem(
          "config-value",
          "at path []: Severity must be either 'warn' or 'error'. Got '\(self[.severity].pythonString)'",
          key: "severity")
      }
      try materializedMust(be: "test", "A test")
    case .seed: try materializedMust(be: "seed", "A seed")
    default: break
    }
    if let color = self[.docs].asDict?["node_color"]?.asString, !color.isEmpty, !HTMLColor.isValid(color) {
      throw ConfigProblem(
        "config-value",
        "at path []: Invalid color name for docs.node_color: \(color). It is neither a valid HTML color name nor a valid HEX code.",
        key: "docs")
    }
    if schema.contains(.onSchemaChange), isContractEnforced, materialized == "incremental" {
      let change = self[.onSchemaChange]
      if change != "append_new_columns", change != "fail" {
        throw ConfigProblem(
          "config-value",
          "at path []: Invalid value for on_schema_change: \(change.pythonString). Models materialized as incremental with "
            + "contracts enabled must set on_schema_change to 'append_new_columns' or 'fail'",
          key: "on_schema_change")
      }
    }
  }

  private func materializedMust(be wanted: String, _ what: String) throws(ConfigProblem) {
    let value = self[.materialized]
    if value.isTrue, value != .string(wanted) {
      throw ConfigProblem(
        "config-value", "at path []: \(what) must have a materialized value of '\(wanted)'", key: "materialized")
    }
  }

  /// What a snapshot needs once files and properties are put together (dbt's `SnapshotConfig.final_validate`).
  public func checkSnapshot() throws(ConfigProblem) {
    guard self[.strategy].isTrue, self[.uniqueKey].isTrue else {
      throw ConfigProblem(
        "snapshot-config", "Snapshots must be configured with a 'strategy' and 'unique_key'.", key: "strategy")
    }
    switch self[.strategy] {
    case "check":
      guard self[.checkCols].isTrue else {
        throw ConfigProblem(
          "snapshot-config",
          "A snapshot configured with the check strategy must specify a check_cols configuration.", key: "check_cols")
      }
      if case .string(let text) = self[.checkCols], text != "all" {
        throw ConfigProblem(
          "snapshot-config", "Invalid value for 'check_cols': \(text). Expected 'all' or a list of strings.",
          key: "check_cols")
      }
    case "timestamp":
      guard self[.updatedAt].isTrue else {
        throw ConfigProblem(
          "snapshot-config",
          "A snapshot configured with the timestamp strategy must specify an updated_at configuration.",
          key: "updated_at")
      }
      if self[.checkCols].isTrue {
        throw ConfigProblem(
          "snapshot-config", "A 'timestamp' snapshot should not have 'check_cols'", key: "check_cols")
      }
    default: break
    }
    if self[.materialized].isTrue, self[.materialized] != "snapshot" {
      throw ConfigProblem(
        "snapshot-config", "A snapshot must have a materialized value of 'snapshot'", key: "materialized")
    }
  }
}

extension NodeConfig {
  private enum Shape { case bool, string, optionalBool, optionalString, stringOrList, optionalStringOrList, any }

  private static func shape(_ key: ConfigKey) -> Shape {
    switch key {
    case .enabled: .bool
    case .materialized, .delimiter, .failCalc, .warnIf, .errorIf, .severity: .string
    case .fullRefresh, .quoteColumns, .storeFailures: .optionalBool
    case .alias, .schema, .database, .group, .staticAnalysis, .incrementalStrategy, .onSchemaChange, .strategy,
      .targetSchema, .targetDatabase, .updatedAt, .dbtValidToCurrent, .storeFailuresAs, .where, .runtimeVersion,
      .entryPoint, .loadedAtField, .loadedAtQuery:
      .optionalString
    case .tags: .stringOrList
    case .uniqueKey, .checkCols: .optionalStringOrList
    default: .any
    }
  }

  private static func check(_ value: ConfigValue, _ key: ConfigKey, _ type: ResourceType) throws(ConfigProblem) {
    let fits: Bool
    switch shape(key) {
    case .any:
      try checkInside(value, key)
      return
    case .bool:
      guard value.asBool != nil else { throw wrongType(value, "['\(key.name)']", "boolean", key) }
      return
    case .string:
      guard value.asString != nil else { throw wrongType(value, "['\(key.name)']", "string", key) }
      return
    case .optionalBool: fits = value.isNull || value.asBool != nil
    case .optionalString: fits = value.isNull || value.asString != nil
    case .stringOrList: fits = value.asStrings != nil
    case .optionalStringOrList: fits = value.isNull || value.asStrings != nil
    }
    if !fits {
      throw ConfigProblem(
        "config-type", "at path ['\(key.name)']: \(value.pythonRepr) is not valid under any of the given schemas",
        key: key.name, hint: expectation(key))
    }
  }

  private static func checkInside(_ value: ConfigValue, _ key: ConfigKey) throws(ConfigProblem) {
    switch key {
    case .preHook, .postHook:
      for (i, hook) in value.listified.enumerated() {
        let sql = hook.asDict?["sql"] ?? .null
        guard sql.asString != nil else { throw wrongType(sql, "['\(key.name)'][\(i)]['sql']", "string", key) }
        let transaction = hook.asDict?["transaction"] ?? .null
        guard transaction.asBool != nil else {
          throw wrongType(transaction, "['\(key.name)'][\(i)]['transaction']", "boolean", key)
        }
      }
    case .docs:
      let show = value.asDict?["show"] ?? true
      guard show.asBool != nil else { throw wrongType(show, "['docs']['show']", "boolean", key) }
    case .contract:
      for name in ["enforced", "alias_types"] {
        let flag = value.asDict?[name] ?? true
        guard flag.asBool != nil else { throw wrongType(flag, "['contract']['\(name)']", "boolean", key) }
      }
    case .packages:
      for (i, item) in value.listified.enumerated() {
        guard item.asString != nil else { throw wrongType(item, "['packages'][\(i)]", "string", key) }
      }
    default: break
    }
  }

  private static func wrongType(
    _ value: ConfigValue, _ path: String, _ wanted: String, _ key: ConfigKey
  ) -> ConfigProblem {
    ConfigProblem("config-type", "at path \(path): \(value.pythonRepr) is not of type '\(wanted)'", key: key.name)
  }

  private static func expectation(_ key: ConfigKey) -> String? {
    switch shape(key) {
    case .optionalBool: "'\(key.name)' is true or false"
    case .optionalString: "'\(key.name)' is text"
    case .stringOrList, .optionalStringOrList: "'\(key.name)' is text or a list of texts"
    default: nil
    }
  }
}
