import Project

/// The fields of everything that is not a node, as manifest v12 has them.
enum ResourceFields {
  static func write<S: FieldSink & ~Copyable>(
    _ resource: Resource, for audience: NodeFields.Audience = .artifact, to sink: inout S
  ) {
    switch resource {
    case let node as Node: NodeFields.write(node, for: audience, to: &sink)
    case let source as SourceDefinition: write(source, to: &sink)
    case let macro as Macro: write(macro, to: &sink)
    case let doc as Documentation: write(doc, to: &sink)
    case let group as Group: write(group, to: &sink)
    case let exposure as Exposure: write(exposure, to: &sink)
    case let metric as Metric: write(metric, to: &sink)
    case let model as SemanticModel: write(model, to: &sink)
    case let query as SavedQuery: write(query, to: &sink)
    case let test as UnitTest: write(test, to: &sink)
    default: sink.null()
    }
  }

  static func write<S: FieldSink & ~Copyable>(_ source: SourceDefinition, to sink: inout S) {
    sink.beginObject()
    sink.field("database", source.database)
    sink.field("schema", source.schema)
    Shared.base(source, &sink)
    sink.field("fqn", source.fqn)
    sink.field("source_name", source.sourceName)
    sink.field("source_description", source.sourceDescription)
    sink.field("loader", source.loader)
    sink.field("identifier", source.identifier)
    sink.key("quoting")
    quoting(source.quoting, &sink)
    sink.field("loaded_at_field", source.loadedAtField)
    sink.field("loaded_at_query", source.loadedAtQuery)
    sink.key("freshness")
    if let freshness = source.freshness { self.freshness(freshness, &sink) } else { sink.null() }
    sink.field("external", source.external.map { .dict($0) } ?? .null)
    sink.field("description", source.description ?? "")
    Shared.columns(source.columns, &sink)
    sink.field("meta", source.meta)
    sink.field("source_meta", source.sourceMeta)
    sink.field("tags", source.tags)
    Shared.config(source.config, &sink)
    sink.field("patch_path", source.patchPath)
    sink.field("unrendered_config", source.unrenderedConfig)
    sink.field("relation_name", source.relationName)
    sink.field("created_at", source.createdAt)
    sink.field("unrendered_database", source.unrenderedDatabase)
    sink.field("unrendered_schema", source.unrenderedSchema)
    sink.field("doc_blocks", source.docBlocks)
    sink.endObject()
  }

  static func quoting<S: FieldSink & ~Copyable>(_ quoting: Quoting, _ sink: inout S) {
    sink.beginObject()
    sink.field("database", quoting.database)
    sink.field("schema", quoting.schema)
    sink.field("identifier", quoting.identifier)
    sink.field("column", quoting.column)
    sink.endObject()
  }

  private static func freshness<S: FieldSink & ~Copyable>(_ freshness: FreshnessThreshold, _ sink: inout S) {
    func time(_ name: StaticString, _ time: FreshnessThreshold.Time?) {
      sink.key(name)
      guard let time else {
        sink.null()
        return
      }
      sink.beginObject()
      sink.field("count", time.count)
      sink.field("period", time.period)
      sink.endObject()
    }
    sink.beginObject()
    time("warn_after", freshness.warnAfter)
    time("error_after", freshness.errorAfter)
    sink.field("filter", freshness.filter)
    sink.endObject()
  }

  static func write<S: FieldSink & ~Copyable>(_ macro: Macro, to sink: inout S) {
    sink.beginObject()
    Shared.base(macro, &sink)
    sink.field("macro_sql", macro.macroSQL)
    sink.key("depends_on")
    sink.beginObject()
    sink.field("macros", macro.dependsOnMacros)
    sink.endObject()
    sink.field("description", macro.description)
    sink.field("meta", macro.meta)
    Shared.docs(macro.docs, &sink)
    sink.key("config")
    sink.beginObject()
    sink.field("meta", macro.configMeta)
    Shared.docs(macro.configDocs, &sink)
    Shared.entries(macro.configExtra, &sink)
    sink.endObject()
    sink.field("patch_path", macro.patchPath)
    sink.key("arguments")
    sink.beginArray()
    for argument in macro.arguments {
      sink.beginObject()
      sink.field("name", argument.name)
      sink.field("type", argument.type)
      sink.field("description", argument.description)
      sink.endObject()
    }
    sink.endArray()
    sink.field("created_at", macro.createdAt)
    sink.key("supported_languages")
    if let languages = macro.supportedLanguages { sink.strings(languages) } else { sink.null() }
    sink.endObject()
  }

  static func write<S: FieldSink & ~Copyable>(_ doc: Documentation, to sink: inout S) {
    sink.beginObject()
    Shared.base(doc, &sink)
    sink.field("block_contents", doc.blockContents)
    sink.endObject()
  }

  static func write<S: FieldSink & ~Copyable>(_ group: Group, to sink: inout S) {
    sink.beginObject()
    Shared.base(group, &sink)
    Shared.owner(group.owner, &sink)
    sink.field("description", group.description)
    Shared.config(group.config, &sink)
    sink.endObject()
  }

  static func write<S: FieldSink & ~Copyable>(_ exposure: Exposure, to sink: inout S) {
    sink.beginObject()
    Shared.base(exposure, &sink)
    sink.field("fqn", exposure.fqn)
    sink.field("type", exposure.type)
    Shared.owner(exposure.owner, &sink)
    sink.field("description", exposure.description ?? "")
    sink.field("label", exposure.label)
    sink.field("maturity", exposure.maturity)
    sink.field("meta", exposure.meta)
    sink.field("tags", exposure.tags)
    Shared.config(exposure.config, &sink)
    sink.field("unrendered_config", exposure.unrenderedConfig)
    sink.field("url", exposure.url)
    Shared.dependsOn(exposure.dependsOn, &sink)
    Shared.refs(exposure.refs, &sink)
    Shared.pairs("sources", exposure.sources, &sink)
    Shared.pairs("metrics", exposure.metrics, &sink)
    sink.field("created_at", exposure.createdAt)
    sink.endObject()
  }

  static func write<S: FieldSink & ~Copyable>(_ metric: Metric, to sink: inout S) {
    sink.beginObject()
    Shared.base(metric, &sink)
    sink.field("fqn", metric.fqn)
    sink.field("description", metric.description ?? "")
    sink.field("label", metric.label)
    sink.field("type", metric.type)
    sink.field("type_params", metric.typeParams)
    sink.field("filter", metric.filter)
    sink.field("metadata", metric.metadata)
    sink.field("time_granularity", metric.timeGranularity)
    sink.field("meta", metric.meta)
    sink.field("tags", metric.tags)
    Shared.config(metric.config, &sink)
    sink.field("unrendered_config", metric.unrenderedConfig)
    Shared.pairs("sources", metric.sources, &sink)
    Shared.dependsOn(metric.dependsOn, &sink)
    Shared.refs(metric.refs, &sink)
    Shared.pairs("metrics", metric.metrics, &sink)
    sink.field("created_at", metric.createdAt)
    sink.field("group", metric.group)
    sink.endObject()
  }

  static func write<S: FieldSink & ~Copyable>(_ model: SemanticModel, to sink: inout S) {
    sink.beginObject()
    Shared.base(model, &sink)
    sink.field("fqn", model.fqn)
    sink.field("model", model.model)
    sink.field("node_relation", model.nodeRelation.map { .dict($0) } ?? .null)
    sink.field("description", model.description)
    sink.field("label", model.label)
    sink.field("defaults", model.defaults)
    sink.field("entities", model.entities)
    sink.field("measures", model.measures)
    sink.field("dimensions", model.dimensions)
    sink.field("metadata", model.metadata)
    Shared.dependsOn(model.dependsOn, &sink)
    Shared.refs(model.refs, &sink)
    sink.field("created_at", model.createdAt)
    Shared.config(model.config, &sink)
    sink.field("unrendered_config", model.unrenderedConfig)
    sink.field("primary_entity", model.primaryEntity)
    sink.field("group", model.group)
    sink.endObject()
  }

  static func write<S: FieldSink & ~Copyable>(_ query: SavedQuery, to sink: inout S) {
    sink.beginObject()
    Shared.base(query, &sink)
    sink.field("fqn", query.fqn)
    sink.field("query_params", query.queryParams)
    sink.field("exports", query.exports)
    sink.field("description", query.description)
    sink.field("label", query.label)
    sink.field("metadata", query.metadata)
    Shared.config(query.config, &sink)
    sink.field("unrendered_config", query.unrenderedConfig)
    sink.field("group", query.group)
    Shared.dependsOn(query.dependsOn, &sink)
    sink.field("created_at", query.createdAt)
    Shared.refs(query.refs, &sink)
    sink.field("tags", query.tags)
    sink.endObject()
  }

  static func write<S: FieldSink & ~Copyable>(_ test: UnitTest, to sink: inout S) {
    sink.beginObject()
    sink.field("model", test.model)
    sink.key("given")
    sink.beginArray()
    for fixture in test.given { self.fixture(fixture, hasInput: true, &sink) }
    sink.endArray()
    sink.key("expect")
    fixture(test.expect, hasInput: false, &sink)
    Shared.base(test, &sink)
    sink.field("fqn", test.fqn)
    sink.field("description", test.description ?? "")
    sink.key("overrides")
    if let overrides = test.overrides {
      sink.beginObject()
      sink.field("macros", overrides.macros)
      sink.field("vars", overrides.vars)
      sink.field("env_vars", overrides.envVars)
      sink.endObject()
    } else {
      sink.null()
    }
    Shared.dependsOn(test.dependsOn, &sink)
    Shared.config(test.config, &sink)
    sink.field("checksum", test.checksum)
    sink.field("schema", test.schema)
    sink.field("created_at", test.createdAt)
    sink.key("versions")
    if let versions = test.versions {
      func list(_ name: StaticString, _ items: [NodeVersion]?) {
        sink.field(name, items.map { .list($0.map(\.value)) } ?? .null)
      }
      sink.beginObject()
      list("include", versions.include)
      list("exclude", versions.exclude)
      sink.endObject()
    } else {
      sink.null()
    }
    sink.field("version", test.version?.value ?? .null)
    sink.endObject()
  }

  private static func fixture<S: FieldSink & ~Copyable>(_ fixture: UnitTest.Fixture, hasInput: Bool, _ sink: inout S) {
    sink.beginObject()
    if hasInput { sink.field("input", fixture.input) }
    sink.field("rows", fixture.rows)
    sink.field("format", fixture.format)
    sink.field("fixture", fixture.fixture)
    sink.endObject()
  }
}

extension Resource {
  /// All fields as a dict, for `model`, `graph` and everything else that shows resources to templates.
  public var templateFields: ConfigDict {
    var sink = ValueSink()
    ResourceFields.write(self, for: .template, to: &sink)
    return sink.result.asDict ?? ConfigDict()
  }

  /// All fields as the manifest has them.
  public var artifactFields: ConfigDict {
    var sink = ValueSink()
    ResourceFields.write(self, for: .artifact, to: &sink)
    return sink.result.asDict ?? ConfigDict()
  }
}
