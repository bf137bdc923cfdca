import Project

/// Resources from their JSON objects.
enum ResourceReader {
  /// Nil when the object does not say what it is.
  static func read(_ dict: ConfigDict) -> Resource? {
    guard let word = dict["resource_type"]?.asString, let type = ResourceType(rawValue: word) else { return nil }
    switch type {
    case .macro: return macro(dict)
    case .doc: return doc(dict)
    case .group: return group(dict)
    case .source: return source(dict)
    case .exposure: return exposure(dict)
    case .metric: return metric(dict)
    case .semanticModel: return semanticModel(dict)
    case .savedQuery: return savedQuery(dict)
    case .unitTest: return unitTest(dict)
    default: return node(dict, type)
    }
  }

  private static func node(_ dict: ConfigDict, _ type: ResourceType) -> Node {
    let node = Node(
      type, uniqueID: dict.text("unique_id"), name: dict.text("name"), packageName: dict.text("package_name"),
      path: dict.text("path"), originalFilePath: dict.text("original_file_path"), fqn: dict.texts("fqn"),
      config: config(dict["config"], type), alias: dict.text("alias"), database: dict["database"]?.asString,
      schema: dict["schema"]?.asString, checksum: checksum(dict["checksum"]),
      rawCode: (dict["raw_code"] ?? dict["raw_sql"])?.asString ?? "")
    graph(node, dict)
    node.columns = ColumnReader.columns(dict["columns"])
    node.docs = docs(dict["docs"])
    node.buildPath = dict["build_path"]?.asString
    node.relationName = dict["relation_name"]?.asString
    node.docBlocks = dict.texts("doc_blocks")
    node.language = Node.Language(rawValue: dict["language"]?.asString ?? "sql") ?? .sql
    node.compiledPath = dict["compiled_path"]?.asString
    node.compiled = dict["compiled"]?.asBool ?? false
    // `raw_sql` and `compiled_sql` until v6.
    node.compiledCode = (dict["compiled_code"] ?? dict["compiled_sql"])?.asString
    node.extraCTEsInjected = dict["extra_ctes_injected"]?.asBool ?? false
    node.extraCTEs = (dict["extra_ctes"]?.asList ?? []).compactMap { item in
      guard let cte = item.asDict else { return nil }
      return InjectedCTE(id: cte.text("id"), sql: cte.text("sql"))
    }
    if let contract = dict["contract"]?.asDict {
      node.contract = Contract(
        enforced: contract["enforced"]?.asBool ?? false, aliasTypes: contract["alias_types"]?.asBool ?? true,
        checksum: contract["checksum"]?.asString)
    }
    node.access = Access(rawValue: dict["access"]?.asString ?? "protected") ?? .protected
    node.constraints = ColumnReader.constraints(dict["constraints"])
    node.version = dict["version"].flatMap { NodeVersion($0) }
    node.latestVersion = dict["latest_version"].flatMap { NodeVersion($0) }
    node.deprecationDate = dict["deprecation_date"]?.asString
    node.primaryKey = dict.texts("primary_key")
    node.timeSpine = dict["time_spine"]?.asDict
    node.rootPath = dict["root_path"]?.asString
    node.index = dict["index"]?.asInt
    node.columnName = dict["column_name"]?.asString
    node.fileKeyName = dict["file_key_name"]?.asString
    node.attachedNode = dict["attached_node"]?.asString
    if let metadata = dict["test_metadata"]?.asDict {
      node.testMetadata = TestMetadata(
        name: metadata.text("name"), kwargs: metadata["kwargs"]?.asDict ?? ConfigDict(),
        namespace: metadata["namespace"]?.asString)
    }
    node.functionArguments = (dict["arguments"]?.asList ?? []).compactMap { item in
      guard let argument = item.asDict else { return nil }
      let value = argument["default_value"]
      return FunctionArgument(
        name: argument.text("name"), dataType: argument.text("data_type"),
        description: argument["description"]?.asString, defaultValue: value?.isNull ?? true ? nil : value)
    }
    if let returns = dict["returns"]?.asDict {
      node.functionReturns = FunctionReturns(
        dataType: returns.text("data_type"), description: returns["description"]?.asString)
    }
    return node
  }

  private static func source(_ dict: ConfigDict) -> SourceDefinition {
    let source = SourceDefinition(
      uniqueID: dict.text("unique_id"), name: dict.text("name"), packageName: dict.text("package_name"),
      path: dict.text("path"), originalFilePath: dict.text("original_file_path"), fqn: dict.texts("fqn"),
      config: config(dict["config"], .source), sourceName: dict.text("source_name"),
      database: dict["database"]?.asString, schema: dict.text("schema"), identifier: dict.text("identifier"))
    graph(source, dict)
    source.sourceDescription = dict.text("source_description")
    source.loader = dict.text("loader")
    source.quoting = MetadataReader.quoting(dict["quoting"])
    source.loadedAtField = dict["loaded_at_field"]?.asString
    source.loadedAtQuery = dict["loaded_at_query"]?.asString
    source.freshness = freshness(dict["freshness"])
    source.external = dict["external"]?.asDict
    source.columns = ColumnReader.columns(dict["columns"])
    source.sourceMeta = dict["source_meta"]?.asDict ?? ConfigDict()
    source.relationName = dict["relation_name"]?.asString
    source.unrenderedDatabase = dict["unrendered_database"]?.asString
    source.unrenderedSchema = dict["unrendered_schema"]?.asString
    source.docBlocks = dict.texts("doc_blocks")
    return source
  }

  private static func macro(_ dict: ConfigDict) -> Macro {
    let macro = Macro(
      uniqueID: dict.text("unique_id"), name: dict.text("name"), packageName: dict.text("package_name"),
      path: dict.text("path"), originalFilePath: dict.text("original_file_path"), macroSQL: dict.text("macro_sql"))
    macro.dependsOnMacros = dict["depends_on"]?.asDict?.texts("macros") ?? []
    macro.description = dict.text("description")
    macro.meta = dict["meta"]?.asDict ?? ConfigDict()
    macro.docs = docs(dict["docs"])
    var config = dict["config"]?.asDict ?? ConfigDict()
    macro.configMeta = config.removeValue(forKey: "meta")?.asDict ?? ConfigDict()
    macro.configDocs = docs(config.removeValue(forKey: "docs"))
    macro.configExtra = config
    macro.patchPath = dict["patch_path"]?.asString
    macro.arguments = (dict["arguments"]?.asList ?? []).compactMap { item in
      guard let argument = item.asDict else { return nil }
      return Macro.Argument(
        name: argument.text("name"), type: argument["type"]?.asString, description: argument.text("description"))
    }
    macro.createdAt = dict["created_at"]?.asDouble ?? 0
    macro.supportedLanguages = dict["supported_languages"]?.asList?.compactMap(\.asString)
    return macro
  }

  private static func doc(_ dict: ConfigDict) -> Documentation {
    Documentation(
      uniqueID: dict.text("unique_id"), name: dict.text("name"), packageName: dict.text("package_name"),
      path: dict.text("path"), originalFilePath: dict.text("original_file_path"),
      blockContents: dict.text("block_contents"))
  }

  private static func group(_ dict: ConfigDict) -> Group {
    let group = Group(
      uniqueID: dict.text("unique_id"), name: dict.text("name"), packageName: dict.text("package_name"),
      path: dict.text("path"), originalFilePath: dict.text("original_file_path"), owner: owner(dict["owner"]))
    group.description = dict["description"]?.asString
    group.config = config(dict["config"], .group)
    return group
  }

  private static func exposure(_ dict: ConfigDict) -> Exposure {
    let exposure = Exposure(
      uniqueID: dict.text("unique_id"), name: dict.text("name"), packageName: dict.text("package_name"),
      path: dict.text("path"), originalFilePath: dict.text("original_file_path"), fqn: dict.texts("fqn"),
      config: config(dict["config"], .exposure), type: dict.text("type"), owner: owner(dict["owner"]))
    graph(exposure, dict)
    exposure.label = dict["label"]?.asString
    exposure.maturity = dict["maturity"]?.asString
    exposure.url = dict["url"]?.asString
    return exposure
  }

  private static func metric(_ dict: ConfigDict) -> Metric {
    let metric = Metric(
      uniqueID: dict.text("unique_id"), name: dict.text("name"), packageName: dict.text("package_name"),
      path: dict.text("path"), originalFilePath: dict.text("original_file_path"), fqn: dict.texts("fqn"),
      config: config(dict["config"], .metric), label: dict.text("label"), type: dict.text("type"),
      typeParams: dict["type_params"]?.asDict ?? ConfigDict())
    graph(metric, dict)
    metric.filter = dict["filter"] ?? .null
    metric.metadata = dict["metadata"] ?? .null
    metric.timeGranularity = dict["time_granularity"]?.asString
    return metric
  }

  private static func semanticModel(_ dict: ConfigDict) -> SemanticModel {
    let model = SemanticModel(
      uniqueID: dict.text("unique_id"), name: dict.text("name"), packageName: dict.text("package_name"),
      path: dict.text("path"), originalFilePath: dict.text("original_file_path"), fqn: dict.texts("fqn"),
      config: config(dict["config"], .semanticModel), model: dict.text("model"))
    graph(model, dict)
    model.nodeRelation = dict["node_relation"]?.asDict
    model.label = dict["label"]?.asString
    model.defaults = dict["defaults"] ?? .null
    model.entities = dict["entities"] ?? .list([])
    model.measures = dict["measures"] ?? .list([])
    model.dimensions = dict["dimensions"] ?? .list([])
    model.metadata = dict["metadata"] ?? .null
    model.primaryEntity = dict["primary_entity"]?.asString
    return model
  }

  private static func savedQuery(_ dict: ConfigDict) -> SavedQuery {
    let query = SavedQuery(
      uniqueID: dict.text("unique_id"), name: dict.text("name"), packageName: dict.text("package_name"),
      path: dict.text("path"), originalFilePath: dict.text("original_file_path"), fqn: dict.texts("fqn"),
      config: config(dict["config"], .savedQuery), queryParams: dict["query_params"]?.asDict ?? ConfigDict())
    graph(query, dict)
    query.exports = dict["exports"] ?? .list([])
    query.label = dict["label"]?.asString
    query.metadata = dict["metadata"] ?? .null
    return query
  }

  private static func unitTest(_ dict: ConfigDict) -> UnitTest {
    let test = UnitTest(
      uniqueID: dict.text("unique_id"), name: dict.text("name"), packageName: dict.text("package_name"),
      path: dict.text("path"), originalFilePath: dict.text("original_file_path"), fqn: dict.texts("fqn"),
      config: config(dict["config"], .unitTest), model: dict.text("model"))
    graph(test, dict)
    test.given = (dict["given"]?.asList ?? []).compactMap { $0.asDict.map(fixture) }
    test.expect = dict["expect"]?.asDict.map(fixture) ?? UnitTest.Fixture()
    if let overrides = dict["overrides"]?.asDict {
      test.overrides = UnitTest.Overrides(
        macros: overrides["macros"]?.asDict ?? ConfigDict(), vars: overrides["vars"]?.asDict ?? ConfigDict(),
        envVars: overrides["env_vars"]?.asDict ?? ConfigDict())
    }
    test.checksum = dict["checksum"]?.asString
    test.schema = dict["schema"]?.asString
    if let versions = dict["versions"]?.asDict {
      func list(_ name: String) -> [NodeVersion]? { versions[name]?.asList?.compactMap { NodeVersion($0) } }
      test.versions = UnitTest.Versions(include: list("include"), exclude: list("exclude"))
    }
    test.version = dict["version"].flatMap { NodeVersion($0) }
    test.testedNode = test.dependsOn.nodes.first
    return test
  }

  private static func fixture(_ dict: ConfigDict) -> UnitTest.Fixture {
    UnitTest.Fixture(
      input: dict["input"]?.asString, rows: dict["rows"] ?? .null, format: dict["format"]?.asString ?? "dict",
      fixture: dict["fixture"]?.asString)
  }

  // MARK: Common parts

  private static func graph(_ resource: GraphResource, _ dict: ConfigDict) {
    resource.unrenderedConfig = dict["unrendered_config"]?.asDict ?? ConfigDict()
    resource.tags = dict["tags"]?.asStrings ?? []
    resource.meta = dict["meta"]?.asDict ?? ConfigDict()
    resource.description = dict["description"]?.asString
    resource.group = dict["group"]?.asString
    if let dependsOn = dict["depends_on"]?.asDict {
      resource.dependsOn = DependsOn(macros: dependsOn.texts("macros"), nodes: dependsOn.texts("nodes"))
    }
    resource.refs = (dict["refs"]?.asList ?? []).compactMap(ref)
    resource.sources = lists(dict["sources"])
    resource.metrics = lists(dict["metrics"])
    resource.functions = lists(dict["functions"])
    resource.createdAt = dict["created_at"]?.asDouble ?? 0
    resource.patchPath = dict["patch_path"]?.asString
  }

  /// An object, or in old manifests `[name]` and `[package, name]`.
  private static func ref(_ value: ConfigValue) -> RefArgs? {
    if let parts = value.asList?.compactMap(\.asString), let name = parts.last {
      return RefArgs(name: name, package: parts.count > 1 ? parts[0] : nil)
    }
    guard let dict = value.asDict else { return nil }
    return RefArgs(
      name: dict.text("name"), package: dict["package"]?.asString,
      version: dict["version"].flatMap { NodeVersion($0) })
  }

  private static func lists(_ value: ConfigValue?) -> [[String]] {
    (value?.asList ?? []).compactMap(\.asStrings)
  }

  static func config(_ value: ConfigValue?, _ type: ResourceType) -> NodeConfig {
    var config = NodeConfig(type)
    for entry in value?.asDict ?? ConfigDict() { config[name: entry.key] = entry.value }
    return config
  }

  private static func checksum(_ value: ConfigValue?) -> Checksum {
    guard let dict = value?.asDict else { return .none }
    return Checksum(name: dict.text("name"), checksum: dict.text("checksum"))
  }

  private static func docs(_ value: ConfigValue?) -> DocsOptions {
    DocsOptions(show: value?.asDict?["show"]?.asBool ?? true, nodeColor: value?.asDict?["node_color"]?.asString)
  }

  private static func owner(_ value: ConfigValue?) -> Owner {
    var dict = value?.asDict ?? ConfigDict()
    return Owner(
      email: dict.removeValue(forKey: "email") ?? .null, name: dict.removeValue(forKey: "name")?.asString, extra: dict)
  }

  private static func freshness(_ value: ConfigValue?) -> FreshnessThreshold? {
    guard let dict = value?.asDict else { return nil }
    func time(_ name: String) -> FreshnessThreshold.Time? {
      dict[name]?.asDict.map { FreshnessThreshold.Time(count: $0["count"]?.asInt, period: $0["period"]?.asString) }
    }
    return FreshnessThreshold(
      warnAfter: time("warn_after"), errorAfter: time("error_after"), filter: dict["filter"]?.asString)
  }
}

enum ColumnReader {
  static func columns(_ value: ConfigValue?) -> [ColumnInfo] {
    (value?.asDict ?? ConfigDict()).entries.compactMap { $0.value.asDict.map(column) }
  }

  private static func column(_ dict: ConfigDict) -> ColumnInfo {
    var rest = dict
    var column = ColumnInfo(name: rest.removeValue(forKey: "name")?.asString ?? "")
    column.description = rest.removeValue(forKey: "description")?.asString ?? ""
    column.meta = rest.removeValue(forKey: "meta")?.asDict ?? ConfigDict()
    column.dataType = rest.removeValue(forKey: "data_type")?.asString
    column.constraints = constraints(rest.removeValue(forKey: "constraints"))
    column.quote = rest.removeValue(forKey: "quote")?.asBool
    var config = rest.removeValue(forKey: "config")?.asDict ?? ConfigDict()
    column.configMeta = config.removeValue(forKey: "meta")?.asDict ?? ConfigDict()
    column.configTags = config.removeValue(forKey: "tags")?.asStrings ?? []
    column.configExtra = config
    column.tags = rest.removeValue(forKey: "tags")?.asStrings ?? []
    column.granularity = rest.removeValue(forKey: "granularity")?.asString
    column.docBlocks = rest.removeValue(forKey: "doc_blocks")?.asStrings ?? []
    column.extra = rest
    return column
  }

  static func constraints(_ value: ConfigValue?) -> [Constraint] {
    (value?.asList ?? []).compactMap { item in
      guard let dict = item.asDict, let kind = Constraint.Kind(rawValue: dict.text("type")) else { return nil }
      var constraint = Constraint(type: kind)
      constraint.name = dict["name"]?.asString
      constraint.expression = dict["expression"]?.asString
      constraint.warnUnenforced = dict["warn_unenforced"]?.asBool ?? true
      constraint.warnUnsupported = dict["warn_unsupported"]?.asBool ?? true
      constraint.to = dict["to"]?.asString
      constraint.toColumns = dict.texts("to_columns")
      constraint.columns = dict.texts("columns")
      return constraint
    }
  }
}

enum MetadataReader {
  static func read(_ dict: ConfigDict) -> ManifestMetadata {
    var metadata = ManifestMetadata()
    metadata.schemaVersion = dict.text("dbt_schema_version")
    metadata.dbtVersion = dict.text("dbt_version")
    metadata.generatedAt = dict.text("generated_at")
    metadata.invocationID = dict["invocation_id"]?.asString
    metadata.invocationStartedAt = dict["invocation_started_at"]?.asString
    metadata.env = (dict["env"]?.asDict ?? ConfigDict()).map { ($0.key, $0.value.pythonString) }
    metadata.projectName = dict["project_name"]?.asString
    metadata.projectID = dict["project_id"]?.asString
    metadata.userID = dict["user_id"]?.asString
    metadata.sendAnonymousUsageStats = dict["send_anonymous_usage_stats"]?.asBool
    metadata.adapterType = dict["adapter_type"]?.asString
    metadata.quoting = quoting(dict["quoting"])
    metadata.runStartedAt = dict["run_started_at"]?.asString
    return metadata
  }

  static func quoting(_ value: ConfigValue?) -> Quoting {
    let dict = value?.asDict ?? ConfigDict()
    return Quoting(
      database: dict["database"]?.asBool, schema: dict["schema"]?.asBool, identifier: dict["identifier"]?.asBool,
      column: dict["column"]?.asBool)
  }
}

extension ConfigDict {
  /// A text field; empty when it is missing or no text.
  func text(_ key: String) -> String { self[key]?.asString ?? "" }
  func texts(_ key: String) -> [String] { self[key]?.asList?.compactMap(\.asString) ?? [] }
}
