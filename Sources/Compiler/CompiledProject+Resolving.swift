import Diagnostics
import Jinja
import Manifest
import Project

/// What a name in a node's code stands for in the database.
extension CompiledProject {
  /// The relation a node becomes. Names are quoted as the project says; `quoting` in a node's config has no say,
  /// in dbt neither.
  public func relation(of node: Node) -> Relation {
    Relation(database: node.database, schema: node.schema, identifier: node.alias, quote: settings.quoting)
  }

  public func relation(of source: SourceDefinition) -> Relation {
    var relation = Relation(
      database: source.database, schema: source.schema, identifier: source.identifier)
    relation.quote = RelationParts(
      database: source.quoting.database ?? true, schema: source.quoting.schema ?? true,
      identifier: source.quoting.identifier ?? true)
    return relation
  }

  func deferRelation(_ node: Node) -> Value? {
    guard let deferred = node.deferRelation else { return nil }
    return .object(RelationValue(relation(of: deferred, like: node)))
  }

  private func relation(of deferred: DeferRelation, like node: Node) -> Relation {
    var relation = relation(of: node)
    relation.database = deferred.database
    relation.schema = deferred.schema
    relation.identifier = deferred.alias
    return relation
  }

  // MARK: Resolving while running

  func resolveRef(_ name: String, package: String?, version: NodeVersion?, _ context: DbtContext) throws -> Relation {
    guard let lookup else { throw ExecutionError(.internal, "References are not resolved yet.") }
    let args = RefArgs(name: name, package: package, version: version)
    let found: Resolution<Node>
    do { found = try lookup.ref(args, from: context.packageName) } catch {
      throw ExecutionError(.compilation, "ref('\(name)') is ambiguous: \(error.uniqueIDs.joined(separator: ", "))")
    }
    let shown = "'\(package.map { "\($0)', '" } ?? "")\(name)'"
    guard case .found(let target) = found else {
      let owner =
        context.node.map { "\($0.resourceType.rawValue.capitalizedFirst) '\($0.uniqueID)' (\($0.originalFilePath))" }
        ?? "Operation"
      var disabled = false
      if case .disabled = found { disabled = true }
      let near = NearestName.of(name, among: lookup.refNames)
      throw Diagnostic(
        "unknown-ref", .compilation,
        "\(owner) depends on a node named \(shown) which \(disabled ? "is disabled" : "was not found")",
        hint: near.map { "Did you mean '\($0)'?" })
    }
    if let relation = try fixture(target, context) { return relation }
    if let node = context.node, context.role == .node, node.resourceType != .operation,
      !node.dependsOn.nodes.contains(target.uniqueID)
    {
      throw ExecutionError(
        .compilation,
        "dbt was unable to infer all dependencies for the model \"\(node.name)\".\nThis typically happens when ref() is "
          + "placed within a conditional block.\n\nTo fix this, add the following hint to the top of the model "
          + "\"\(node.name)\":\n\n-- depends_on: {{ ref(\(shown)) }}")
    }
    if target.isEphemeralModel {
      guard context.role == .node || context.role == .unitTest else {
        throw ExecutionError(
          .compilation,
          "Operations can not ref() ephemeral nodes, but \(target.name) is ephemeral")
      }
      if !context.ephemerals.contains(target.uniqueID) { context.ephemerals.append(target.uniqueID) }
      var relation = Relation(
        database: nil, schema: nil, identifier: "__dbt__cte__\(target.alias)", type: .cte)
      relation.quote.identifier = false
      restrict(&relation, eventTime: target.config.eventTime, context)
      return relation
    }
    var relation = try placed(target, context)
    restrict(&relation, eventTime: target.config.eventTime, context)
    return relation
  }

  /// A node's relation; that of the deferred-to state when this target lacks it, or when that one is favoured.
  private func placed(_ target: Node, _ context: DbtContext) throws -> Relation {
    guard let deferred = target.deferRelation, settings.defer_ else { return relation(of: target) }
    let unselected = settings.favorState && !isSelected(target.uniqueID)
    let missing =
      try context.session.map {
        try adapter.relation(database: target.database, schema: target.schema, identifier: target.alias, $0) == nil
      } ?? false
    let isDeferred = unselected || missing
    return isDeferred ? relation(of: deferred, like: target) : relation(of: target)
  }

  func resolveSource(_ source: String, _ table: String, _ context: DbtContext) throws -> Relation {
    guard let lookup else { throw ExecutionError(.internal, "References are not resolved yet.") }
    let found = lookup.source(source, table, from: context.packageName)
    guard case .found(let target) = found else {
      let owner =
        context.node.map { "\($0.resourceType.rawValue.capitalizedFirst) '\($0.uniqueID)' (\($0.originalFilePath))" }
        ?? "Operation"
      let near = NearestName.of("\(source).\(table)", among: lookup.sourceNames)
      throw Diagnostic(
        "unknown-source", .compilation,
        "\(owner) depends on a source named '\(source).\(table)' which was not found",
        hint: near.map { "Did you mean '\($0)'?" })
    }
    if let relation = try fixture(target, context) { return relation }
    var relation = relation(of: target)
    restrict(&relation, eventTime: target.config[.eventTime].asString, context)
    return relation
  }

  /// The input that stands for a resource in a unit test; nil outside of one.
  private func fixture(_ target: GraphResource, _ context: DbtContext) throws -> Relation? {
    guard let relations = context.fixtureRelations else { return nil }
    guard let relation = relations[target.uniqueID] else {
      throw Diagnostic(
        "unknown-fixture", .compilation,
        "The model reads \(target.uniqueID), for which the unit test gives no rows.",
        hint: "Add it under `given:`; `rows: []` gives none.")
    }
    context.usedFixtures.append(target.uniqueID)
    return relation
  }

  func resolveFunction(_ name: String, package: String?, _ context: DbtContext) throws -> Relation {
    guard let lookup, case .found(let target) = lookup.function(name, package: package, from: context.packageName)
    else {
      throw ExecutionError(
        .compilation,
        "\(context.node?.uniqueID ?? "Operation") depends on a function named '\(name)' which was not found")
    }
    var relation = try placed(target, context)
    relation.type = .function
    return relation
  }

  func documentation(_ name: String, package: String?, from caller: String) throws -> String {
    guard let doc = lookup?.doc(name, package: package, from: caller) else {
      let near = NearestName.of(name, among: lookup?.docNames ?? [])
      throw Diagnostic(
        "unknown-doc", .compilation, "Documentation for '\(name)' was not found",
        hint: near.map { "Did you mean '\($0)'?" })
    }
    return doc.blockContents
  }

  func docID(_ name: String, package: String?, from caller: String) -> String? {
    lookup?.doc(name, package: package, from: caller)?.uniqueID
  }

  /// `--empty`, `--sample` and batches read only some rows.
  private func restrict(_ relation: inout Relation, eventTime: String?, _ context: DbtContext) {
    guard let node = context.node, context.role != .unitTest else { return }
    if settings.empty, node.resourceType == .model || node.resourceType == .snapshot { relation.limit = 0 }
    guard let eventTime, node.resourceType == .model || node.resourceType == .snapshot else { return }
    if let batch = context.batch {
      relation.eventTime = .init(field: eventTime, start: batch.start, end: batch.end)
    } else if let sample = settings.sample {
      relation.eventTime = .init(field: eventTime, start: sample.start, end: sample.end)
    }
  }
}
