import Diagnostics
import Events
import Jinja
import Postgres

/// `adapter` in templates (https://docs.getdbt.com/reference/dbt-jinja-functions/adapter): catalog questions, DDL,
/// dispatch, quoting. One for each rendering; while parsing, what would ask the database answers with nothing.
public final class AdapterValue: HostObject {
  unowned let context: DbtContext

  init(_ context: DbtContext) { self.context = context }

  public override var typeName: String { "DatabaseWrapper" }
  public override var methodNames: Set<String> { Self.methods }
  static let methods: Set<String> = [
    "dispatch", "type", "begin_transaction", "commit", "execute", "add_query", "run_sql_for_tests", "get_relation",
    "load_relation", "list_relations", "get_columns_in_relation", "get_columns_in_table", "get_missing_columns",
    "expand_target_column_types", "create_schema", "drop_schema", "check_schema_exists", "drop_relation",
    "rename_relation", "truncate_relation", "already_exists", "quote", "quote_as_configured", "quote_seed_column",
    "convert_type", "convert_agate_type", "standardize_grants_dict", "valid_snapshot_target",
    "assert_valid_snapshot_target_given_strategy", "get_hard_deletes_behavior", "cache_added", "cache_dropped",
    "cache_renamed", "get_incremental_strategy_macro", "render_raw_columns_constraints",
    "render_raw_model_constraints", "get_column_schema_from_query", "validate_sql",
    "get_catalog_for_single_relation", "build_catalog_relation", "get_catalog_integration", "verify_database",
    "parse_index", "copy_seed", "list_schemas", "get_partitions_metadata", "date_function", "is_cancelable",
  ]

  public override func property(_ name: String) throws -> Value? {
    switch name {
    case "Relation": .object(RelationClass())
    case "Column": .object(ColumnClass())
    case "config": RuntimeConfigValue.root(context)
    case "behavior": .object(BehaviorValue(context.project))
    default: nil
    }
  }

  public override func invoke(_ name: String, _ a: HostArguments, _ r: Interpreter) throws -> Value {
    switch name {
    case "dispatch": return try dispatch(a, r)
    case "type": return .string("postgres")
    case "date_function": return .string("now()")
    case "is_cancelable": return .bool(true)
    // As dbt does: quotes around the name, those within it left as they are.
    case "quote": return .string("\"\(try a.string(0, "identifier", r) ?? "None")\"")
    case "quote_as_configured":
      let identifier = try a.string(0, "identifier", r) ?? "None"
      let quoting = context.project.adapter.quoting
      let quoted =
        switch try a.string(1, "quote_key") ?? "" {
        case "database": quoting.database
        case "schema": quoting.schema
        case "identifier": quoting.identifier
        default: false
        }
      return .string(quoted ? Relation.quoted(identifier) : identifier)
    case "quote_seed_column":
      let column = try a.string(0, "column", r) ?? ""
      switch a.optional(1, "quote_config") {
      case nil, .some(.none), .undefined?, .bool(true)?: return .string(Relation.quoted(column))
      case .bool(false)?: return .string(column)
      case let other?:
        throw ExecutionError(
          .compilation, "The seed configuration value of \"quote_columns\" has an invalid type \(other.typeName)")
      }
    case "render_raw_columns_constraints": return try ConstraintText.columns(a.required(0, "raw_columns"), r)
    case "render_raw_model_constraints": return try ConstraintText.model(a.required(0, "raw_constraints"), r)
    case "parse_index": return try IndexConfigValue.parse(a.required(0, "raw_index"), r)
    case "convert_type", "convert_agate_type":
      guard let table = try a.required(0, "agate_table").asObject(AgateTable.self),
        let index = a.optional(1, "col_idx")?.asInt, table.columnTypes.indices.contains(index)
      else { return .none }
      return SeedTypes.sqlType(table, index).map { .string($0) } ?? .none
    case "standardize_grants_dict": return try grants(a.required(0, "grants_table"), r)
    case "verify_database":
      let database = (try a.string(0, "database") ?? "").filter { $0 != "\"" }
      guard database.lowercased() == context.project.adapter.database.lowercased() else {
        throw ExecutionError(
          .runtime,
          "Cross-db references not allowed in postgres (\(database) vs \(context.project.adapter.database))")
      }
      return .string("")
    case "build_catalog_relation", "get_catalog_integration": return .none
    default: break
    }
    if !context.execute { return whileParsing(name) }
    return try running(name, a, r)
  }

  /// What the methods answer while parsing, when there is no database to ask.
  private func whileParsing(_ name: String) -> Value {
    switch name {
    case "list_relations", "get_columns_in_relation", "get_columns_in_table", "get_missing_columns",
      "get_column_schema_from_query", "list_schemas":
      return .list([])
    case "already_exists", "check_schema_exists": return .bool(false)
    case "execute": return .tuple([.object(ResponseValue.empty), .object(AgateTable.empty)])
    case "add_query": return .tuple([.none, .none])
    case "cache_added", "cache_dropped", "cache_renamed": return .string("")
    default: return .none
    }
  }

  private func running(_ name: String, _ a: HostArguments, _ r: Interpreter) throws -> Value {
    let session = try context.requireSession()
    let adapter = session.adapter
    switch name {
    case "commit":
      try session.commitIfAny()
      return .string("")
    case "begin_transaction":
      if !session.isTransactionOpen { try session.begin() }
      return .string("")
    case "execute":
      let result = try session.execute(
        try a.string(0, "sql", r) ?? "", autoBegin: a.bool(1, "auto_begin", default: false))
      let table =
        a.bool(2, "fetch", default: false) ? QueryTable.make(result, limit: a.optional(3, "limit")?.asInt) : .empty
      return .tuple([.object(ResponseValue(result.tag)), .object(table)])
    case "add_query":
      _ = try session.send(try a.string(0, "sql", r) ?? "", autoBegin: a.bool(1, "auto_begin", default: true))
      return .tuple([.none, .none])
    case "run_sql_for_tests":
      let result = try session.execute(try a.string(0, "sql", r) ?? "")
      try session.commitIfAny()
      let rows = QueryTable.make(result, limit: nil).rows
      switch try a.string(1, "fetch") ?? "None" {
      case "one": return rows.first.map { .tuple($0) } ?? .none
      case "all": return .list(rows.map { .tuple($0) })
      default: return .none
      }
    case "get_relation", "load_relation":
      let found: Relation?
      if let relation = a.optional(0, "relation")?.asObject(RelationValue.self)?.relation {
        found = try adapter.relation(
          database: relation.database, schema: relation.schema, identifier: relation.identifier, session)
      } else {
        found = try adapter.relation(
          database: try a.string(0, "database", r), schema: try a.string(1, "schema", r),
          identifier: try a.string(2, "identifier", r), session)
      }
      return found.map { .object(RelationValue($0)) } ?? .none
    case "already_exists":
      return .bool(
        try adapter.relation(
          database: adapter.database, schema: try a.string(0, "schema", r), identifier: try a.string(1, "name", r),
          session) != nil)
    case "list_relations":
      return .list(
        try adapter.listRelations(
          database: try a.string(0, "database", r), schema: try a.string(1, "schema", r), session
        )
        .map { .object(RelationValue($0)) })
    case "list_schemas":
      return try firstColumn(
        adapter.runMacro("list_schemas", [("database", a.optional(0, "database") ?? .none)], session))
    case "check_schema_exists":
      let database = try a.string(0, "database", r) ?? adapter.database
      let schema = InformationSchemaValue(
        Relation(database: database, schema: nil, identifier: nil, quote: adapter.quoting), view: nil)
      let table = try adapter.runMacro(
        "check_schema_exists",
        [("information_schema", .object(schema)), ("schema", try a.required(1, "schema"))], session)
      guard let first = table.asObject(AgateTable.self)?.rows.first?.first else { return .bool(false) }
      return .bool(first.isTrue)
    case "get_columns_in_relation":
      return try adapter.runMacro("get_columns_in_relation", [("relation", try a.required(0, "relation"))], session)
    case "get_columns_in_table":
      let relation = Relation(
        database: adapter.database, schema: try a.string(0, "schema", r), identifier: try a.string(1, "identifier", r))
      return try adapter.runMacro("get_columns_in_relation", [("relation", .object(RelationValue(relation)))], session)
    case "get_missing_columns":
      let from = try columns(a.required(0, "from_relation"), session)
      let to = Set(try columns(a.required(1, "to_relation"), session).map(\.name))
      return .list(from.filter { !to.contains($0.name) }.map { .object($0) })
    case "expand_target_column_types":
      try expand(goal: try a.required(0, "from_relation"), current: try a.required(1, "to_relation"), session)
      return .none
    case "create_schema", "drop_schema":
      guard var relation = try a.required(0, "relation").asObject(RelationValue.self)?.relation else { return .none }
      relation.include.identifier = false
      relation.identifier = nil
      _ = try adapter.runMacro(name, [("relation", .object(RelationValue(relation)))], session)
      try session.commitIfAny()
      if name == "drop_schema" { adapter.cache.dropSchema(database: relation.database, schema: relation.schema) }
      return .none
    case "drop_relation":
      let relation = try a.required(0, "relation")
      if let value = relation.asObject(RelationValue.self)?.relation {
        guard value.type != nil else {
          throw ExecutionError(.runtime, "Tried to drop relation \(value.render()), but its type is null.")
        }
        adapter.cache.drop(value)
      }
      return try adapter.runMacro(name, [("relation", relation)], session)
    case "truncate_relation":
      return try adapter.runMacro(name, [("relation", try a.required(0, "relation"))], session)
    case "rename_relation":
      let from = try a.required(0, "from_relation")
      let to = try a.required(1, "to_relation")
      if let old = from.asObject(RelationValue.self)?.relation, let new = to.asObject(RelationValue.self)?.relation {
        adapter.cache.rename(old, to: new)
      }
      return try adapter.runMacro(name, [("from_relation", from), ("to_relation", to)], session)
    case "cache_added":
      if let relation = a.optional(0, "relation")?.asObject(RelationValue.self)?.relation {
        adapter.cache.add(relation)
      }
      return .string("")
    case "cache_dropped":
      if let relation = a.optional(0, "relation")?.asObject(RelationValue.self)?.relation {
        adapter.cache.drop(relation)
      }
      return .string("")
    case "cache_renamed":
      if let old = a.optional(0, "from_relation")?.asObject(RelationValue.self)?.relation,
        let new = a.optional(1, "to_relation")?.asObject(RelationValue.self)?.relation
      {
        adapter.cache.rename(old, to: new)
      }
      return .string("")
    case "valid_snapshot_target":
      try SnapshotTarget.check(
        columns(a.required(0, "relation"), session), names: a.optional(1, "column_names"), newRecord: false)
      return .none
    case "assert_valid_snapshot_target_given_strategy":
      let strategy = try a.required(2, "strategy").asDict?["hard_deletes"]?.asString
      try SnapshotTarget.check(
        columns(a.required(0, "relation"), session), names: a.optional(1, "column_names"),
        newRecord: strategy == "new_record")
      return .none
    case "get_hard_deletes_behavior": return try SnapshotTarget.hardDeletes(a.required(0, "config"), r)
    case "get_incremental_strategy_macro": return try strategy(a, r)
    case "get_column_schema_from_query":
      let result = try session.execute(try a.string(0, "sql", r) ?? "")
      return .list(
        result.columns.map {
          .object(ColumnValue($0.name, ColumnValue.translate(PostgresTypes.typeCodeName($0.typeOID))))
        })
    case "validate_sql": return try adapter.runMacro("validate_sql", [("sql", try a.required(0, "sql"))], session)
    case "get_catalog_for_single_relation":
      return try adapter.runMacro(name, [("relation", try a.required(0, "relation"))], session)
    case "copy_seed":
      return try SeedLoader.copy(
        relation: try a.required(0, "relation"), table: a.optional(2, "agate_table"),
        columns: try a.string(1, "columns", r) ?? "", session)
    default: return try super.invoke(name, a, r)
    }
  }

  private func columns(_ relation: Value, _ session: DatabaseSession) throws -> [ColumnValue] {
    let value = try session.adapter.runMacro("get_columns_in_relation", [("relation", relation)], session)
    return value.asList?.items.compactMap { $0.asObject(ColumnValue.self) } ?? []
  }

  private func firstColumn(_ table: Value) -> Value {
    .list(table.asObject(AgateTable.self)?.rows.compactMap(\.first) ?? [])
  }

  private func expand(goal: Value, current: Value, _ session: DatabaseSession) throws {
    let wanted = try columns(goal, session)
    for column in try columns(current, session) {
      guard let reference = wanted.first(where: { $0.name == column.name }), column.isString, reference.isString,
        reference.stringSize > column.stringSize
      else { continue }
      _ = try session.adapter.runMacro(
        "alter_column_type",
        [
          ("relation", current), ("column_name", .string(column.name)),
          ("new_column_type", .string(ColumnValue.stringType(reference.stringSize))),
        ], session)
    }
  }

  private func grants(_ value: Value, _ r: Interpreter) throws -> Value {
    let out = DictObject()
    guard let table = value.asObject(AgateTable.self) else { return .dict(out) }
    let grantee = try table.column(.string("grantee"), r)
    let privilege = try table.column(.string("privilege_type"), r)
    for row in table.rows {
      if case .list(let list)? = try out.get(row[privilege]) {
        list.items.append(row[grantee])
      } else {
        try out.set(row[privilege], .list([row[grantee]]))
      }
    }
    return .dict(out)
  }

  /// `adapter.dispatch(name, namespace)`: the first of `postgres__name`, `default__name` in the packages to search.
  private func dispatch(_ a: HostArguments, _ r: Interpreter) throws -> Value {
    let name = try a.string(0, "macro_name", r) ?? ""
    if let dot = name.utf8.firstIndex(of: UInt8(ascii: ".")) {
      let package = name[..<dot]
      let macro = name[name.index(after: dot)...]
      throw ExecutionError(
        .compilation,
        "In adapter.dispatch, got a macro name of \"\(name)\", but \".\" is not a valid macro name component. Did you "
          + "mean `adapter.dispatch(\"\(macro)\", macro_namespace=\"\(package)\")`?")
    }
    if let packages = a.optional(2, "packages"), !packages.isNone {
      throw ExecutionError(
        .compilation,
        "The \"packages\" argument of adapter.dispatch() has been deprecated.\nUse the \"macro_namespace\" argument "
          + "instead.\n\nRaised during dispatch for: \(name)")
    }
    if let given = a.optional(1, "macro_namespace"), !given.isNone, given.asString == nil {
      throw ExecutionError(
        .compilation,
        "In adapter.dispatch, got a <class '\(given.typeName)'> macro_namespace argument "
          + "(\"\(try given.str(r).string)\"), but macro_namespace should be None or a string.")
    }
    let namespace = try a.string(1, "macro_namespace", r)
    let macros = context.project.macros
    if let macro = macros.dispatch(name, namespace: namespace, from: context.packageName) { return .object(macro) }
    // A package's generic test finds what its package has, whoever uses it.
    if let package = context.node?.testMetadata?.namespace,
      let macro = macros.dispatch(name, namespace: namespace, from: package)
    {
      return .object(macro)
    }
    let prefixes = ["postgres", "default"]
    let packages: [String?] = macros.searchOrder(namespace)
    let tried = packages.flatMap { package in
      prefixes.map { prefix in "'\(package.map { "\($0)." } ?? "")\(prefix)__\(name)'" }
    }
    throw ExecutionError(
      .compilation,
      "In dispatch: No macro named '\(name)' found within namespace: '\(namespace ?? "None")'\n    Searched for: "
        + tried.joined(separator: ", "))
  }

  private func strategy(_ a: HostArguments, _ r: Interpreter) throws -> Value {
    let context = try a.required(0, "model_context")
    let strategy = try a.string(1, "strategy") ?? "default"
    if ["insert_overwrite"].contains(strategy) {
      throw ExecutionError(.runtime, "The incremental strategy '\(strategy)' is not valid for this adapter")
    }
    let macro = "get_incremental_\(strategy.map { $0 == "+" ? "_" : String($0) }.joined())_sql"
    let found = try r.getItem(context, .string(macro))
    guard !found.isUndefined else {
      throw ExecutionError(
        .runtime,
        "dbt could not find an incremental strategy macro with the name \"\(macro)\" in "
          + self.context.project.name)
    }
    return found
  }
}
