import Compiler
import Diagnostics
import Events
import Jinja
import Manifest

/// Runs one node on one thread: compiles it, runs its materialization, reads what came of it.
struct NodeRunner {
  let project: CompiledProject
  let session: DatabaseSession
  let settings: RunSettings

  /// What running gave, before times and names are added.
  struct Outcome {
    var status: NodeStatus
    var message: String?
    var failures: Int?
    var response = ConfigDict()
    var batches: NodeResult.BatchResults?
    /// The rows of `show`; a seed's table, whose rows are not read unless they are shown.
    var table: AgateTable?
    var freshness: NodeResult.Freshness?
    var compiledCode: String?
    var compiledPath: String?
  }

  /// Runs a node's query for `show`.
  func show(_ node: Node) throws -> Outcome {
    let rows = try ShowQuery.run(node, project, session, limit: settings.showLimit)
    var outcome = Outcome(status: .success)
    outcome.table = rows.table
    outcome.response = rows.response
    return outcome
  }

  func run(_ node: Node) throws -> Outcome {
    if settings.command == .clone { return node.isEphemeralModel ? Outcome(status: .success) : try clone(node) }
    switch node.resourceType {
    case .test: return try test(node)
    case .model where node.isEphemeralModel: return Outcome(status: .success)
    case .model where MicrobatchRunner.applies(node, project): return try MicrobatchRunner(self).run(node)
    default: return try materialize(node)
    }
  }

  /// Runs a node's materialization.
  func materialize(
    _ node: Node, batch: (start: String, end: String)? = nil, _ prepare: (DbtContext) -> Void = { _ in }
  ) throws -> Outcome {
    let context = self.context(node)
    context.batch = batch
    prepare(context)
    try callMaterialization(node, context)
    guard let main = context.result("main") else {
      throw ExecutionError(.runtime, "main is not being called during running model")
    }
    var outcome = Outcome(status: .success)
    if case .dict(let dict) = main, let response = dict["response"] {
      outcome.message = try response.str(nil).string
      outcome.response = Self.response(response)
    }
    if node.resourceType == .seed, case .dict(let dict)? = context.result("agate_table") {
      outcome.table = dict["table"]?.asObject(AgateTable.self)
    }
    return outcome
  }

  /// A relation of the deferred-to environment under this one's name.
  private func clone(_ node: Node) throws -> Outcome {
    if node.isEphemeralModel { return Outcome(status: .success) }
    let context = self.context(node)
    if let deferred = node.deferRelation {
      let from =
        deferred.relationName
        ?? Relation(database: deferred.database, schema: deferred.schema, identifier: deferred.alias).render()
      context.variables["sql"] = .string("select * from \(from)")
      context.variables["compiled_code"] = context.variables["sql"]
    }
    try callMaterialization(node, context, named: "clone")
    var outcome = Outcome(status: .success, message: "No-op")
    if case .dict(let main)? = context.result("main"), let response = main["response"] {
      outcome.message = try response.str(nil).string
      outcome.response = Self.response(response)
    }
    return outcome
  }

  func context(_ node: Node) -> DbtContext {
    let context = DbtContext(project, role: .node, package: node.packageName, node: node, session: session)
    // What the materializations of tests and functions call counts as called by them, in dbt's manifest too.
    context.recordsMacros = node.resourceType == .test || node.resourceType == .function
    if node.isGenericTest, let dict = try? project.testArguments(node, context) {
      context.variables[ContextVariables.testArguments] = .dict(dict)
    }
    return context
  }

  func callMaterialization(_ node: Node, _ context: DbtContext, named name: String? = nil) throws {
    let materialization = name ?? node.config.materialized
    guard
      let macro = project.macros.materialization(
        materialization, package: node.packageName, explicitOverrides: settings.explicitOverrides)
    else {
      let near = NearestName.of(materialization, among: project.macros.materializations)
      throw Diagnostic(
        "unknown-materialization", .compilation,
        "No materialization '\(materialization)' was found for adapter postgres! (searched types 'default' and 'postgres')",
        hint: near.map { "Did you mean '\($0)'?" })
    }
    try requireLanguage(of: node, materialization: materialization, macro)
    let value = try project.run(macro, .none, context)
    for relation in try relations(value, node) {
      var relation = relation
      relation.created = true
      project.adapter.cache.add(relation)
    }
  }

  /// Materializations take SQL alone unless they list other languages.
  private func requireLanguage(of node: Node, materialization: String, _ macro: MacroValue) throws {
    let languages = project.manifest.macros[macro.uniqueID]?.supportedLanguages ?? ["sql"]
    guard !languages.contains(node.language.rawValue) else { return }
    let shown = languages.map { "'\($0)'" }.joined(separator: ", ")
    throw ExecutionError(
      .validation,
      "Materialization \"\(macro.name)\" only supports languages [\(shown)]; got \"\(node.language.rawValue)\"")
  }

  /// What a materialization says it made: a dict with `relations`.
  private func relations(_ value: Value, _ node: Node) throws -> [Relation] {
    switch value {
    case .dict(let dict):
      return dict["relations"]?.asList?.items.compactMap { $0.asObject(RelationValue.self)?.relation } ?? []
    case .string:
      throw ExecutionError(
        .compilation,
        "The materialization (\"\(node.config.materialized)\") did not explicitly return a list of relations to add to "
          + "the cache.")
    default:
      throw ExecutionError(
        .compilation,
        "Invalid return value from materialization, \"relations\" not found or not a list: \(try value.repr(nil).string)"
      )
    }
  }

  static func response(_ value: Value) -> ConfigDict {
    if let response = value.asObject(ResponseValue.self) {
      return [
        "_message": .string(response.message), "code": .string(response.code),
        "rows_affected": response.rowsAffected.map { .int($0) } ?? .null,
      ]
    }
    return ["_message": .string((try? value.str(nil).string) ?? "")]
  }

  // MARK: Tests

  /// Whether a test's query says yes; projects that replace `get_test_sql` may answer in words.
  private static func verdict(_ value: Value) throws -> Bool {
    guard case .string(let word) = value else { return value.isTrue }
    switch word.string.lowercased() {
    case "y", "yes", "t", "true", "on", "1": return true
    case "n", "no", "f", "false", "off", "0": return false
    default:
      throw ExecutionError(
        .compilation,
        "Macro 'get_test_sql' returns '\(word.string)'.  It is not type 'bool' and cannot not be converted reliably to a "
          + "bool.")
    }
  }

  private func test(_ node: Node) throws -> Outcome {
    let context = self.context(node)
    try callMaterialization(node, context, named: "test")
    guard case .dict(let main)? = context.result("main"), let table = main["table"]?.asObject(AgateTable.self) else {
      throw ExecutionError(.internal, "dbt expected a result named 'main' from the test")
    }
    guard table.rows.count == 1 else {
      throw ExecutionError(
        .internal, "dbt internally failed to execute \(node.uniqueID): expected 1 row, but got \(table.rows.count)")
    }
    let row = table.rows[0]
    func cell(_ name: String) -> Value? {
      table.columnNames.firstIndex { $0.lowercased() == name }.map { row[$0] }
    }
    guard let failures = cell("failures"), let warn = cell("should_warn"), let error = cell("should_error") else {
      throw ExecutionError(.internal, "The test's result lacks failures, should_warn or should_error.")
    }
    let (warns, fails) = (try Self.verdict(warn), try Self.verdict(error))
    let count = failures.isNone ? 0 : Int((try? failures.str(nil).string).flatMap(Double.init) ?? 0)
    let shown = "Got \(count) \(count == 1 ? "result" : "results"), configured to "
    // A test that passes has no failures, however many rows it was allowed to find.
    var outcome = Outcome(status: .pass, failures: 0)
    if let main = main["response"] { outcome.response = Self.response(main) }
    if node.config.severity.uppercased() == "ERROR", fails {
      outcome.status = .fail
      outcome.message = "\(shown)fail if \(node.config[.errorIf].asString ?? "!= 0")"
    } else if warns {
      if settings.warnError {
        outcome.status = .fail
        outcome.message = "\(shown)fail if \(node.config[.warnIf].asString ?? "!= 0")"
      } else {
        outcome.status = .warn
        outcome.message = "\(shown)warn if \(node.config[.warnIf].asString ?? "!= 0")"
      }
    }
    if outcome.status != .pass { outcome.failures = count }
    return outcome
  }
}
