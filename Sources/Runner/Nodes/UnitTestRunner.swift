import Compiler
import Diagnostics
import Events
import Jinja
import Manifest

/// Unit tests: the model's SQL over given rows, compared with the expected ones
/// (https://docs.getdbt.com/docs/build/unit-tests).
struct UnitTestRunner {
  private let runner: NodeRunner
  private var project: CompiledProject { runner.project }

  init(_ runner: NodeRunner) { self.runner = runner }

  func run(_ test: UnitTest) throws -> NodeRunner.Outcome {
    let node = try node(of: test)
    let path = try write(node)
    let context = runner.context(node)
    do { try runner.callMaterialization(node, context, named: "unit") } catch {
      let failure = ExecutionError(any: error)
      var out = ExecutionError(
        .runtime,
        "An error occurred during execution of unit test '\(test.name)'. There may be an error in the unit test "
          + "definition: check the data types.\n \(failure.kind.title)\n  \(failure.message)")
      out.diagnostic = failure.diagnostic
      throw out
    }
    guard case .dict(let main)? = context.result("main"), let table = main["table"]?.asObject(AgateTable.self) else {
      throw ExecutionError(.internal, "dbt expected a result named 'main' from the unit test")
    }
    var outcome = NodeRunner.Outcome(status: .pass, failures: 0)
    outcome.compiledCode = node.compiledCode
    outcome.compiledPath = path
    if let response = main["response"] { outcome.response = NodeRunner.response(response) }
    if let difference = RowDifference(table) {
      outcome.status = .fail
      outcome.failures = 1
      outcome.message =
        "\n\n\(ANSI.green("actual")) differs from \(ANSI.red("expected")):\n\n\(difference.text)\n"
    }
    return outcome
  }

  /// The compiled test and its fixtures, for people to look at.
  /// - Returns: the test's file.
  private func write(_ node: Node) throws -> String {
    let target = project.settings.targetPath
    let path = "\(target)/\(NodePaths.target(node, subfolder: "compiled"))"
    try project.write(node.compiledCode ?? "", to: path)
    for cte in node.extraCTEs {
      // ` name as (\n…\n)`: the query alone.
      let resource: GraphResource? = project.manifest.nodes[cte.id] ?? project.manifest.sources[cte.id]
      guard let resource, let open = cte.sql.firstIndex(of: "(") else { continue }
      let query = cte.sql[cte.sql.index(open, offsetBy: 2)...].dropLast(2)
      try project.write(
        String(query), to: "\(target)/compiled/\(node.packageName)/\(node.originalFilePath)/\(resource.name).sql")
    }
    return path
  }

  /// The name of the query: of a versioned model, with the version.
  static func name(of test: UnitTest, _ model: Node?) -> String {
    (model?.version).map { "\(test.name)_v\($0.text)" } ?? test.name
  }

  static func path(of name: String, _ test: UnitTest) -> String {
    let folders = test.originalFilePath.split(separator: "/").dropLast()
    return (folders + ["\(name).sql"]).joined(separator: "/")
  }

  // MARK: The test as a node

  private struct Input {
    let resource: GraphResource
    let relation: Relation
    let cte: InjectedCTE
  }

  /// A node whose query is the model's over the given rows.
  private func node(of test: UnitTest) throws -> Node {
    guard let id = test.testedNode, let model = project.manifest.nodes[id] else {
      throw ExecutionError(.internal, "Unit test \(test.uniqueID) has no model.")
    }
    let name = Self.name(of: test, model)
    var config = NodeConfig(.unitTest)
    config.extra["materialized"] = "unit"
    if test.expect.format == "sql" {
      config.extra["expected_rows"] = []
      config.extra["expected_sql"] = test.expect.rows
    } else {
      config.extra["expected_rows"] = test.expect.rows
    }
    let node = Node(
      .unitTest, uniqueID: test.uniqueID, name: name, packageName: test.packageName,
      path: Self.path(of: name, test),
      originalFilePath: test.originalFilePath, fqn: test.fqn, config: config, alias: name, database: model.database,
      schema: model.schema, checksum: .none, rawCode: model.rawCode)

    let inputs = try test.given.map { try input($0, test, model) }
    let context = DbtContext(project, role: .unitTest, package: model.packageName, node: model, session: runner.session)
    var relations: [String: Relation] = [:]
    for input in inputs { relations[input.resource.uniqueID] = input.relation }
    context.fixtureRelations = relations
    context.overrideVars = test.overrides?.vars
    context.overrideEnv = test.overrides?.envVars
    context.override(macros: test.overrides?.macros ?? ConfigDict())
    context.thisOverride = relations[model.uniqueID].map { .string($0.render()) } ?? Value.none
    let code: String
    do { code = try project.template(ofTested: model).render(context, host: context).string } catch {
      let failure = ExecutionError(any: error)
      if failure.diagnostic?.code == "unknown-fixture" { throw failure }
      throw error
    }
    var ctes: [InjectedCTE] = []
    for id in context.usedFixtures where !ctes.contains(where: { $0.id == id }) {
      if let input = inputs.first(where: { $0.resource.uniqueID == id }) { ctes.append(input.cte) }
    }
    node.compiledCode = CTEInjection.inject(ctes.map(\.sql), into: code)
    node.compiled = true
    node.extraCTEs = ctes
    node.extraCTEsInjected = true
    return node
  }

  private func input(_ given: UnitTest.Fixture, _ test: UnitTest, _ model: Node) throws -> Input {
    let text = (given.input ?? "").trimmingSpace
    let resource = text == "this" ? model : try resolve(text, test, model)
    let sourceName = (resource as? SourceDefinition).map { "\($0.sourceName)__\($0.name)" }
    let alias = (resource as? Node)?.alias ?? sourceName ?? resource.name
    var relation = Relation(database: nil, schema: nil, identifier: "__dbt__cte__\(alias)", type: .cte)
    relation.quote.identifier = false

    // The fixture's SQL is made in the name of the input: `this` is its relation, whose columns give the types.
    let stand: Node
    if let node = resource as? Node {
      stand = node
    } else {
      let source = resource as? SourceDefinition
      stand = Node(
        .model, uniqueID: resource.uniqueID, name: resource.name, packageName: resource.packageName,
        path: "\(resource.name).sql", originalFilePath: test.originalFilePath, fqn: resource.fqn,
        config: NodeConfig(.model), alias: source?.identifier ?? resource.name, database: source?.database,
        schema: source?.schema, checksum: .none, rawCode: "")
    }
    let context = DbtContext(project, role: .node, package: model.packageName, node: stand, session: runner.session)
    let sql: String
    if given.format == "sql" {
      sql = try project.render(given.rows.asString ?? "", name: test.originalFilePath, context)
    } else {
      context.variables["_given_rows"] = given.rows.jinja
      sql = try project.render(
        "{{ get_fixture_sql(_given_rows, none) }}", name: test.originalFilePath, context, isInternal: true)
    }
    return Input(
      resource: resource, relation: relation,
      cte: InjectedCTE(id: resource.uniqueID, sql: " __dbt__cte__\(alias) as (\n\(sql)\n)"))
  }

  /// What `ref('x')` or `source('a', 'b')` names.
  private func resolve(_ input: String, _ test: UnitTest, _ model: Node) throws -> GraphResource {
    let found = try project.references(in: input, package: model.packageName)
    if let ref = found.refs.first, let lookup = project.lookup,
      case .found(let node) = try lookup.ref(ref, from: model.packageName)
    {
      return node
    }
    if let source = found.sources.first, let lookup = project.lookup,
      case .found(let resource) = lookup.source(source[0], source[1], from: model.packageName)
    {
      return resource
    }
    throw Diagnostic(
      "unit-test-input", .parsing,
      "Unit test '\(test.name)' had an input (\(input)) which was not found in the manifest.", range: test.range,
      hint: "An input is ref('model'), source('source', 'table') or this.")
  }
}
