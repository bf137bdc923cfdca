import Diagnostics
import Events
import Files
import Jinja
import Manifest
import Project
import YAML

/// Resources that stand in properties files alone: sources, exposures, groups, unit tests, hooks of dbt_project.yml.
extension ProjectParser {
  func parseEntries(_ manifest: Manifest) {
    for entry in entries {
      do {
        switch entry.key {
        case "sources": try source(entry, manifest)
        case "exposures": try exposure(entry, manifest)
        case "groups": try group(entry, manifest)
        case "unit_tests": try unitTest(entry, manifest)
        case "metrics": try metric(entry, manifest)
        case "semantic_models": try semanticModel(entry, manifest)
        case "saved_queries": try savedQuery(entry, manifest)
        default: break
        }
      } catch { report(error, range: entry.range) }
    }
  }

  // MARK: Sources

  private func source(_ entry: PropertyEntry, _ manifest: Manifest) throws {
    let values = entry.values
    let tables = (values["tables"]?.asList ?? []).compactMap(\.asDict)
    let nodes = entry.node["tables"]?.sequence ?? []
    for (i, table) in tables.enumerated() {
      let name = table["name"]?.text ?? ""
      let place = i < nodes.count ? nodes[i] : entry.node
      let fqn = FQN.source(package: entry.package, path: entry.file.path, source: entry.name, table: name)
      var properties = values["config"]?.asDict ?? ConfigDict()
      properties.update(table["config"]?.asDict ?? ConfigDict())
      if let freshness = SourceProperties.freshness(values, table) { properties["freshness"] = freshness }
      let loaded = SourceProperties.loadedAt(values, table)
      properties["loaded_at_field"] = .optional(loaded.field)
      properties["loaded_at_query"] = .optional(loaded.query)
      properties["meta"] = .dict(SourceProperties.meta(values, table))
      properties["tags"] = .strings(SourceProperties.tags(values, table))
      let config = try configured(entry.file) {
        try resolver.resolve(.source, package: entry.package, fqn: fqn, properties: properties)
      }
      let source = SourceDefinition(
        uniqueID: UniqueID.source(package: entry.package, source: entry.name, table: name), name: name,
        packageName: entry.package, path: entry.file.originalPath, originalFilePath: entry.file.originalPath, fqn: fqn,
        config: config, sourceName: entry.name, database: values["database"]?.text ?? project.adapter.database,
        schema: values["schema"]?.text ?? entry.name, identifier: table["identifier"]?.text ?? name)
      source.range = (place["name"] ?? place).range
      source.createdAt = options.startedAt
      source.description = table["description"]?.asString ?? ""
      source.sourceDescription = values["description"]?.asString ?? ""
      source.loader = values["loader"]?.text ?? ""
      source.columns = try ColumnParser.columns(table)
      source.quoting = SourceProperties.quoting(values["quoting"]?.asDict, table["quoting"]?.asDict)
      source.loadedAtField = config[.loadedAtField].asString
      source.loadedAtQuery = config[.loadedAtQuery].asString
      source.freshness = SourceProperties.threshold(config[.freshness])
      source.external = table["external"].flatMap { SourceProperties.external($0) }
      source.meta = config.meta
      source.tags = config.tags
      var sourceMeta = values["meta"]?.asDict ?? ConfigDict()
      sourceMeta.update(values["config"]?.asDict?["meta"]?.asDict ?? ConfigDict())
      source.sourceMeta = sourceMeta
      source.unrenderedConfig = resolver.unrendered(.source, package: entry.package, fqn: fqn, properties: properties)
      source.unrenderedDatabase = entry.node["database"]?.keyText
      source.unrenderedSchema = entry.node["schema"]?.keyText
      source.relationName = project.relation(of: source).render()
      source.patchPath = entry.patchPath
      if !config.enabled {
        manifest.disabled.add(source)
      } else if let taken = manifest.sources.add(source) {
        problems.append(ManifestChecks.duplicate(taken, source))
      }
    }
  }

  // MARK: Exposures, groups

  private func exposure(_ entry: PropertyEntry, _ manifest: Manifest) throws {
    let values = entry.values
    let fqn = FQN.prefix(package: entry.package, path: entry.file.path) + [entry.name]
    let properties = values["config"]?.asDict ?? ConfigDict()
    var config = try configured(entry.file) {
      try resolver.resolve(.exposure, package: entry.package, fqn: fqn, properties: properties)
    }
    let tags = Set((values["tags"]?.asStrings ?? []) + config.tags).sorted {
      isOrdered($0, $1)
    }
    var meta = values["meta"]?.asDict ?? ConfigDict()
    meta.update(config.meta)
    config[.tags] = .strings(tags)
    config[.meta] = .dict(meta)
    try checkOwner("Exposure", values["owner"]?.asDict, entry)
    checkExposureName(entry)
    let exposure = Exposure(
      uniqueID: UniqueID.of(.exposure, package: entry.package, name: entry.name), name: entry.name,
      packageName: entry.package, path: entry.file.path, originalFilePath: entry.file.originalPath, fqn: fqn,
      config: config, type: values["type"]?.asString ?? "", owner: SourceProperties.owner(values["owner"]?.asDict))
    exposure.range = entry.range
    exposure.createdAt = options.startedAt
    exposure.description = values["description"]?.asString ?? ""
    exposure.label = values["label"]?.asString
    exposure.maturity = values["maturity"]?.asString
    exposure.url = values["url"]?.asString
    exposure.tags = tags
    exposure.meta = meta
    exposure.unrenderedConfig = resolver.unrendered(.exposure, package: entry.package, fqn: fqn, properties: properties)
    let capture = ParseCapture()
    let lines = (values["depends_on"]?.asStrings ?? []).map { "{{ \($0) }}" }.joined(separator: "\n")
    let context = DbtContext(project, role: .macro, package: entry.package, capture: capture)
    _ = try project.render(lines, name: entry.file.originalPath, context)
    exposure.refs = capture.refs
    exposure.sources = capture.sources
    exposure.metrics = capture.metrics
    if !config.enabled {
      manifest.disabled.add(exposure)
    } else if let taken = manifest.exposures.add(exposure) {
      problems.append(ManifestChecks.duplicate(taken, exposure))
    }
  }

  private func checkOwner(_ kind: String, _ owner: ConfigDict?, _ entry: PropertyEntry) throws {
    guard owner?["name"]?.text == nil, owner?["email"]?.isTrue != true else { return }
    throw Diagnostic(
      "owner", .parsing, "\(kind) owner must have at least one of 'name' or 'email'.",
      range: (entry.node["owner"] ?? entry.node).range)
  }

  private func checkExposureName(_ entry: PropertyEntry) {
    let isPlain = entry.name.unicodeScalars.allSatisfy {
      $0 == "_" || $0 == "-" || $0.properties.isAlphabetic || $0.properties.numericType != nil
    }
    if isPlain { return }
    warnings.append(
      .warning(
        Diagnostic(
          "exposure-name", .parsing,
          "The 'name' of an exposure should contain only letters, numbers, and underscores; its 'label' may contain all "
            + "else. \(entry.name) does not follow this pattern.", severity: .warning, range: entry.range)))
  }

  private func group(_ entry: PropertyEntry, _ manifest: Manifest) throws {
    let owner = entry.values["owner"]?.asDict
    try checkOwner("Group", owner, entry)
    let group = Group(
      uniqueID: UniqueID.of(.group, package: entry.package, name: entry.name), name: entry.name,
      packageName: entry.package, path: entry.file.path, originalFilePath: entry.file.originalPath,
      owner: SourceProperties.owner(owner))
    group.range = entry.range
    group.description = entry.values["description"]?.asString
    let fqn = FQN.of(package: entry.package, path: entry.file.path, name: entry.name)
    group.config = try configured(entry.file) {
      try resolver.resolve(
        .group, package: entry.package, fqn: fqn, properties: entry.values["config"]?.asDict ?? ConfigDict())
    }
    if let taken = manifest.groups.add(group) { problems.append(ManifestChecks.duplicate(taken, group)) }
  }

  // MARK: Unit tests

  private func unitTest(_ entry: PropertyEntry, _ manifest: Manifest) throws {
    let values = entry.values.withDatesAsText
    let model = values["model"]?.text ?? ""
    let fqn = FQN.unitTest(
      package: entry.package, propertiesPath: entry.file.originalPath, model: model, name: entry.name)
    let config = try configured(entry.file) {
      try resolver.resolve(
        .unitTest, package: entry.package, fqn: fqn, properties: values["config"]?.asDict ?? ConfigDict())
    }
    let test = UnitTest(
      uniqueID: UniqueID.unitTest(package: entry.package, model: model, name: entry.name), name: entry.name,
      packageName: entry.package, path: entry.file.path, originalFilePath: entry.file.originalPath, fqn: fqn,
      config: config, model: model)
    test.range = entry.range
    test.createdAt = options.startedAt
    test.description = values["description"]?.asString ?? ""
    let fixtures = UnitTestFixtures(parser: self, entry: entry)
    test.given = try (values["given"]?.asList ?? []).compactMap(\.asDict).map {
      try fixtures.fixture($0, input: $0["input"]?.text ?? "", kind: "input")
    }
    test.expect = try fixtures.fixture(values["expect"]?.asDict ?? ConfigDict(), input: nil, kind: "expected")
    if let overrides = values["overrides"]?.asDict {
      test.overrides = UnitTest.Overrides(
        macros: overrides["macros"]?.asDict ?? ConfigDict(), vars: overrides["vars"]?.asDict ?? ConfigDict(),
        envVars: overrides["env_vars"]?.asDict ?? ConfigDict())
    }
    if let versions = values["versions"]?.asDict {
      func list(_ key: String) -> [NodeVersion]? { versions[key]?.listified.compactMap { NodeVersion($0) } }
      test.versions = UnitTest.Versions(include: list("include"), exclude: list("exclude"))
      if !(list("include") ?? []).isEmpty, !(list("exclude") ?? []).isEmpty {
        throw Diagnostic(
          "unit-test-versions", .parsing, "Unit tests can not both include and exclude versions.", range: entry.range,
          hint: "List the versions to include; all others are left out.")
      }
    }
    test.tags = config.tags
    test.meta = config.meta
    test.checksum = Fingerprints.unitTest(test)
    if !config.enabled {
      manifest.disabled.add(test)
    } else if let taken = manifest.unitTests.add(test) {
      problems.append(ManifestChecks.duplicate(taken, test))
    }
  }

  // MARK: Semantic layer: carried, not computed

  private func metric(_ entry: PropertyEntry, _ manifest: Manifest) throws {
    let values = entry.values
    let fqn = FQN.prefix(package: entry.package, path: entry.file.path) + [entry.name]
    let config = try configured(entry.file) {
      try resolver.resolve(
        .metric, package: entry.package, fqn: fqn, properties: values["config"]?.asDict ?? ConfigDict())
    }
    // What stands at the top is no configuration, and the metric's own only where its configuration has none.
    let meta = config.meta.isEmpty ? values["meta"]?.asDict ?? ConfigDict() : config.meta
    let metric = Metric(
      uniqueID: UniqueID.of(.metric, package: entry.package, name: entry.name), name: entry.name,
      packageName: entry.package, path: entry.file.path, originalFilePath: entry.file.originalPath, fqn: fqn,
      config: config, label: values["label"]?.text ?? entry.name, type: values["type"]?.text ?? "simple",
      typeParams: SemanticDefaults.typeParameters(values["type_params"]?.asDict ?? ConfigDict()))
    metric.unrenderedConfig = resolver.unrendered(
      .metric, package: entry.package, fqn: fqn, properties: values["config"]?.asDict ?? ConfigDict())
    metric.range = entry.range
    metric.createdAt = options.startedAt
    metric.description = values["description"]?.asString ?? ""
    metric.filter = SemanticDefaults.filter(values["filter"])
    metric.timeGranularity = values["time_granularity"]?.asString
    metric.meta = meta
    metric.tags = values["tags"]?.asStrings ?? []
    metric.group = config.group
    if !config.enabled { manifest.disabled.add(metric) } else { manifest.metrics.add(metric) }
  }

  /// The metric that `create_metric: true` makes of a measure.
  private func metric(
    of measure: ConfigDict, _ entry: PropertyEntry, _ model: NodeConfig, _ manifest: Manifest
  ) throws {
    let name = measure["name"]?.text ?? ""
    let fqn = FQN.prefix(package: entry.package, path: entry.file.path) + [name]
    // The semantic model's meta goes with it, and a disabled one's metrics are disabled.
    let properties: ConfigDict = ["enabled": .bool(model.enabled), "meta": .dict(model.meta)]
    let config = try configured(entry.file) {
      try resolver.resolve(.metric, package: entry.package, fqn: fqn, properties: properties)
    }
    var parameters: ConfigDict = ["measure": .string(name)]
    parameters["expr"] = measure["expr"] ?? .string(name)
    let metric = Metric(
      uniqueID: UniqueID.of(.metric, package: entry.package, name: name), name: name, packageName: entry.package,
      path: entry.file.path, originalFilePath: entry.file.originalPath, fqn: fqn, config: config,
      label: measure["label"]?.text ?? name, type: "simple", typeParams: SemanticDefaults.typeParameters(parameters))
    metric.range = entry.range
    metric.createdAt = options.startedAt
    metric.description = "Metric created from measure \(name)"
    if let text = measure["description"]?.asString, !text.isEmpty { metric.description = text }
    metric.meta = config.meta
    metric.group = config.group
    metric.unrenderedConfig = properties
    if !config.enabled { manifest.disabled.add(metric) } else { manifest.metrics.add(metric) }
  }

  private func semanticModel(_ entry: PropertyEntry, _ manifest: Manifest) throws {
    let values = entry.values
    let fqn = FQN.prefix(package: entry.package, path: entry.file.path) + [entry.name]
    let config = try configured(entry.file) {
      try resolver.resolve(
        .semanticModel, package: entry.package, fqn: fqn, properties: values["config"]?.asDict ?? ConfigDict())
    }
    let text = values["model"]?.text ?? ""
    let model = SemanticModel(
      uniqueID: UniqueID.of(.semanticModel, package: entry.package, name: entry.name), name: entry.name,
      packageName: entry.package, path: entry.file.path, originalFilePath: entry.file.originalPath, fqn: fqn,
      config: config, model: text)
    model.unrenderedConfig = resolver.unrendered(
      .semanticModel, package: entry.package, fqn: fqn, properties: values["config"]?.asDict ?? ConfigDict())
    model.range = entry.range
    model.createdAt = options.startedAt
    model.description = values["description"]?.asString
    model.label = values["label"]?.asString
    model.defaults = values["defaults"] ?? .null
    model.entities = SemanticDefaults.members(values["entities"], SemanticDefaults.entity)
    model.measures = SemanticDefaults.members(values["measures"], SemanticDefaults.measure)
    model.dimensions = SemanticDefaults.members(values["dimensions"], SemanticDefaults.dimension)
    model.primaryEntity = values["primary_entity"]?.asString
    model.group = config.group
    let capture = ParseCapture()
    let context = DbtContext(project, role: .macro, package: entry.package, capture: capture)
    _ = try project.render("{{ \(text) }}", name: entry.file.originalPath, context)
    model.refs = capture.refs
    if !config.enabled { manifest.disabled.add(model) } else { manifest.semanticModels.add(model) }
    for measure in (values["measures"]?.asList ?? []).compactMap(\.asDict)
    where measure["create_metric"]?.asBool ?? false {
      try metric(of: measure, entry, config, manifest)
    }
  }

  private func savedQuery(_ entry: PropertyEntry, _ manifest: Manifest) throws {
    let values = entry.values
    let fqn = FQN.prefix(package: entry.package, path: entry.file.path) + [entry.name]
    let config = try configured(entry.file) {
      try resolver.resolve(
        .savedQuery, package: entry.package, fqn: fqn, properties: values["config"]?.asDict ?? ConfigDict())
    }
    let params = values["query_params"]?.asDict ?? ConfigDict()
    let query = SavedQuery(
      uniqueID: UniqueID.of(.savedQuery, package: entry.package, name: entry.name), name: entry.name,
      packageName: entry.package, path: entry.file.path, originalFilePath: entry.file.originalPath, fqn: fqn,
      config: config,
      queryParams: [
        "metrics": params["metrics"] ?? .list([]), "group_by": params["group_by"] ?? .list([]),
        "where": SemanticDefaults.filter(params["where"]), "order_by": params["order_by"] ?? .list([]),
        "limit": params["limit"] ?? .null,
      ])
    query.unrenderedConfig = resolver.unrendered(
      .savedQuery, package: entry.package, fqn: fqn, properties: values["config"]?.asDict ?? ConfigDict())
    query.range = entry.range
    query.createdAt = options.startedAt
    query.description = values["description"]?.asString
    query.label = values["label"]?.asString
    query.exports = .list((values["exports"]?.asList ?? []).compactMap(\.asDict).map { .dict(export($0, config)) })
    query.group = config.group
    let tags = (config[name: "tags"]?.listified.compactMap(\.asString) ?? []) + (values["tags"]?.asStrings ?? [])
    query.tags = Set(tags).sorted { isOrdered($0, $1) }
    query.metrics = (params["metrics"]?.asStrings ?? []).map { [$0] }
    if !config.enabled { manifest.disabled.add(query) } else { manifest.savedQueries.add(query) }
  }

  /// An export with the configuration of its query laid under its own, and the names it gets where neither says any.
  private func export(_ given: ConfigDict, _ query: NodeConfig) -> ConfigDict {
    let own = given["config"]?.asDict ?? ConfigDict()
    var config = ConfigDict()
    for key in ["export_as", "schema", "schema_name", "alias", "database"] {
      if let value = own[key] ?? query[name: key], !value.isNull { config[key] = value }
    }
    let name = given["name"] ?? .null
    return [
      "name": name,
      "config": [
        "export_as": config["export_as"] ?? .null,
        "schema_name": config["schema_name"] ?? config["schema"] ?? .string(project.defaultSchema),
        "alias": config["alias"] ?? name, "database": config["database"] ?? .string(project.adapter.database),
      ],
      "unrendered_config": .dict(own),
    ]
  }

  // MARK: Hooks

  /// `on-run-start` and `on-run-end` of every package become operations.
  func parseHooks(_ manifest: Manifest) {
    for package in packages where !package.isInternal {
      if package.onRunStart.isEmpty, package.onRunEnd.isEmpty { continue }
      let checksum = Self.projectChecksum(package)
      for (kind, hooks) in [("on-run-start", package.onRunStart), ("on-run-end", package.onRunEnd)] {
        for (index, sql) in hooks.enumerated() {
          let name = UniqueID.hookName(package: package.name, kind: kind, index: index)
          let source = SourceText(name: "dbt_project.yml", text: sql)
          let file = ParseFile(
            kind: .macro, path: NodePaths.hook(name: name), originalPath: "./dbt_project.yml", source: source,
            checksum: checksum)
          do {
            let node = try node(
              .operation, name: name, file: file, package: package, rawCode: sql,
              fqn: [package.name, "hooks", name]
            ) {
              $0.index = index
              $0.tags = [kind]
            }
            place(node, manifest)
          } catch { report(error, in: source) }
        }
      }
    }
  }

  /// Hooks have no file of their own: they take that of dbt_project.yml, white space at its ends not counted.
  private static func projectChecksum(_ package: ParsePackage) -> Checksum {
    guard let bytes = try? FileSystem.read(package.root + "/dbt_project.yml") else { return .none }
    let isBlank = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
    let text = bytes.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
    return Checksum(name: "sha256", checksum: Hashes.sha256(Array(text)))
  }
}
