/// The fields of nodes as manifest v12 has them.
enum NodeFields {
  /// Whom the fields are for.
  enum Audience {
    /// manifest.json: what was compiled only when it was.
    case artifact
    /// Templates: everything, also the calls of `config()`.
    case template
  }

  static func write<S: FieldSink & ~Copyable>(_ node: Node, for audience: Audience = .artifact, to sink: inout S) {
    sink.beginObject()
    if node.resourceType == .function { returns(node, &sink) }
    sink.field("database", node.database)
    sink.field("schema", node.schema)
    Shared.base(node, &sink)
    sink.field("fqn", node.fqn)
    sink.field("alias", node.alias)
    Shared.checksum(node.checksum, &sink)
    Shared.config(node.config, &sink)
    sink.field("tags", node.tags)
    sink.field("description", node.description ?? "")
    Shared.columns(node.columns, &sink)
    sink.field("meta", node.meta)
    sink.field("group", node.group)
    Shared.docs(node.docs, &sink)
    sink.field("patch_path", node.patchPath)
    sink.field("build_path", node.buildPath)
    sink.field("unrendered_config", node.unrenderedConfig)
    sink.field("created_at", node.createdAt)
    if audience == .template {
      sink.field("config_call_dict", node.configCall)
      sink.field("unrendered_config_call_dict", node.unrenderedConfigCall)
    }
    sink.field("relation_name", node.relationName)
    sink.field("raw_code", node.rawCode)
    sink.field("doc_blocks", node.docBlocks)
    if node.resourceType == .seed {
      sink.field("root_path", node.rootPath)
      sink.key("depends_on")
      sink.beginObject()
      sink.field("macros", node.dependsOn.macros)
      sink.endObject()
      if audience == .template { Shared.deferRelation(node.deferRelation, &sink) }
    } else {
      code(node, audience, &sink)
      kind(node, audience, &sink)
    }
    sink.endObject()
  }

  private static func code<S: FieldSink & ~Copyable>(_ node: Node, _ audience: Audience, _ sink: inout S) {
    sink.field("language", node.language.rawValue)
    Shared.refs(node.refs, &sink)
    Shared.pairs("sources", node.sources, &sink)
    Shared.pairs("metrics", node.metrics, &sink)
    Shared.pairs("functions", node.functions, &sink)
    Shared.dependsOn(node.dependsOn, &sink)
    sink.field("compiled_path", node.compiledPath)
    if node.compiled {
      sink.field("compiled", true)
      sink.field("compiled_code", node.compiledCode)
      sink.field("extra_ctes_injected", node.extraCTEsInjected)
      sink.key("extra_ctes")
      sink.beginArray()
      for cte in node.extraCTEs {
        sink.beginObject()
        sink.field("id", cte.id)
        sink.field("sql", cte.sql)
        sink.endObject()
      }
      sink.endArray()
    }
    sink.key("contract")
    sink.beginObject()
    sink.field("enforced", node.contract.enforced)
    sink.field("alias_types", node.contract.aliasTypes)
    sink.field("checksum", node.contract.checksum)
    sink.endObject()
  }

  private static func kind<S: FieldSink & ~Copyable>(_ node: Node, _ audience: Audience, _ sink: inout S) {
    switch node.resourceType {
    case .model:
      sink.field("access", node.access.rawValue)
      sink.key("constraints")
      sink.beginArray()
      for constraint in node.constraints { Shared.constraint(constraint, withColumns: true, &sink) }
      sink.endArray()
      sink.field("version", node.version?.value ?? .null)
      sink.field("latest_version", node.latestVersion?.value ?? .null)
      sink.field("deprecation_date", node.deprecationDate)
      if audience == .template { Shared.deferRelation(node.deferRelation, &sink) }
      sink.field("primary_key", node.primaryKey)
      sink.field("time_spine", node.timeSpine.map { .dict($0) } ?? .null)
    case .snapshot:
      if audience == .template { Shared.deferRelation(node.deferRelation, &sink) }
    case .operation: sink.field("index", node.index)
    case .test:
      guard let metadata = node.testMetadata else { return }
      sink.field("column_name", node.columnName)
      sink.field("file_key_name", node.fileKeyName)
      sink.field("attached_node", node.attachedNode)
      sink.key("test_metadata")
      sink.beginObject()
      sink.field("name", metadata.name)
      sink.field("kwargs", metadata.kwargs)
      sink.field("namespace", metadata.namespace)
      sink.endObject()
    case .function:
      sink.key("arguments")
      sink.beginArray()
      for argument in node.functionArguments {
        sink.beginObject()
        sink.field("name", argument.name)
        sink.field("data_type", argument.dataType)
        sink.field("description", argument.description)
        sink.field("default_value", argument.defaultValue ?? .null)
        sink.endObject()
      }
      sink.endArray()
    default: break
    }
  }

  private static func returns<S: FieldSink & ~Copyable>(_ node: Node, _ sink: inout S) {
    sink.key("returns")
    sink.beginObject()
    sink.field("data_type", node.functionReturns?.dataType ?? "INVALID_TYPE")
    sink.field("description", node.functionReturns?.description)
    sink.endObject()
  }
}

/// Fields that several kinds of resources have.
enum Shared {
  static func base<S: FieldSink & ~Copyable>(_ resource: Resource, _ sink: inout S) {
    sink.field("name", resource.name)
    sink.field("resource_type", resource.resourceType.rawValue)
    sink.field("package_name", resource.packageName)
    sink.field("path", resource.path)
    sink.field("original_file_path", resource.originalFilePath)
    sink.field("unique_id", resource.uniqueID)
  }

  static func checksum<S: FieldSink & ~Copyable>(_ checksum: Checksum, _ sink: inout S) {
    sink.key("checksum")
    sink.beginObject()
    sink.field("name", checksum.name)
    sink.field("checksum", checksum.checksum)
    sink.endObject()
  }

  static func config<S: FieldSink & ~Copyable>(_ config: NodeConfig, _ sink: inout S) {
    sink.key("config")
    sink.config(config)
  }

  static func docs<S: FieldSink & ~Copyable>(_ docs: DocsOptions, _ sink: inout S) {
    sink.key("docs")
    sink.beginObject()
    sink.field("show", docs.show)
    sink.field("node_color", docs.nodeColor)
    sink.endObject()
  }

  static func columns<S: FieldSink & ~Copyable>(_ columns: [ColumnInfo], _ sink: inout S) {
    sink.key("columns")
    sink.beginObject()
    for column in columns {
      sink.key(column.name)
      sink.beginObject()
      sink.field("name", column.name)
      sink.field("description", column.description)
      sink.field("meta", column.meta)
      sink.field("data_type", column.dataType)
      sink.key("constraints")
      sink.beginArray()
      for constraint in column.constraints { Shared.constraint(constraint, withColumns: false, &sink) }
      sink.endArray()
      sink.field("quote", column.quote)
      sink.key("config")
      sink.beginObject()
      sink.field("meta", column.configMeta)
      sink.field("tags", column.configTags)
      entries(column.configExtra, &sink)
      sink.endObject()
      sink.field("tags", column.tags)
      sink.field("granularity", column.granularity)
      sink.field("doc_blocks", column.docBlocks)
      entries(column.extra, &sink)
      sink.endObject()
    }
    sink.endObject()
  }

  static func entries<S: FieldSink & ~Copyable>(_ dict: ConfigDict, _ sink: inout S) {
    for entry in dict.entries {
      sink.key(entry.key)
      sink.value(entry.value)
    }
  }

  static func constraint<S: FieldSink & ~Copyable>(_ constraint: Constraint, withColumns: Bool, _ sink: inout S) {
    sink.beginObject()
    sink.field("type", constraint.type.rawValue)
    sink.field("name", constraint.name)
    sink.field("expression", constraint.expression)
    sink.field("warn_unenforced", constraint.warnUnenforced)
    sink.field("warn_unsupported", constraint.warnUnsupported)
    sink.field("to", constraint.to)
    sink.field("to_columns", constraint.toColumns)
    if withColumns { sink.field("columns", constraint.columns) }
    sink.endObject()
  }

  static func refs<S: FieldSink & ~Copyable>(_ refs: [RefArgs], _ sink: inout S) {
    sink.key("refs")
    sink.beginArray()
    for ref in refs {
      sink.beginObject()
      sink.field("name", ref.name)
      sink.field("package", ref.package)
      sink.field("version", ref.version?.value ?? .null)
      sink.endObject()
    }
    sink.endArray()
  }

  static func pairs<S: FieldSink & ~Copyable>(_ name: StaticString, _ lists: [[String]], _ sink: inout S) {
    sink.key(name)
    sink.beginArray()
    for list in lists { sink.strings(list) }
    sink.endArray()
  }

  static func dependsOn<S: FieldSink & ~Copyable>(_ dependsOn: DependsOn, _ sink: inout S) {
    sink.key("depends_on")
    sink.beginObject()
    sink.field("macros", dependsOn.macros)
    sink.field("nodes", dependsOn.nodes)
    sink.endObject()
  }

  static func owner<S: FieldSink & ~Copyable>(_ owner: Owner, _ sink: inout S) {
    sink.key("owner")
    sink.beginObject()
    sink.field("email", owner.email)
    sink.field("name", owner.name)
    entries(owner.extra, &sink)
    sink.endObject()
  }

  static func deferRelation<S: FieldSink & ~Copyable>(_ relation: DeferRelation?, _ sink: inout S) {
    sink.key("defer_relation")
    guard let relation else {
      sink.null()
      return
    }
    sink.beginObject()
    sink.field("database", relation.database)
    sink.field("schema", relation.schema)
    sink.field("alias", relation.alias)
    sink.field("relation_name", relation.relationName)
    sink.endObject()
  }
}
