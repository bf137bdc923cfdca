import Diagnostics
import Jinja

/// `api`: the classes of relations and columns.
final class ApiValue: HostObject {
  override var typeName: String { "api" }
  override func property(_ name: String) -> Value? {
    switch name {
    case "Relation": .object(RelationClass())
    case "Column": .object(ColumnClass())
    default: nil
    }
  }
}

/// `builtins`: dbt's own `ref`, `source` and `config`, also where a project replaced them.
final class BuiltinsValue: HostObject {
  unowned let context: DbtContext
  init(_ context: DbtContext) { self.context = context }
  override var typeName: String { "dict" }
  override func property(_ name: String) -> Value? {
    if name == "config" { return context.configValue }
    return ContextFunctions.shared[Str.make(name)]
  }
  override var methodNames: Set<String> { ["get", "keys"] }
  override func invoke(_ name: String, _ a: HostArguments, _ r: Interpreter) throws -> Value {
    if name == "keys" { return .list((ContextFunctions.shared.keys + [.string("config")])) }
    return property(try a.string(0, "key") ?? "") ?? a.optional(1, "default") ?? .none
  }
}

/// `context`: every name of the rendering as one mapping.
final class ContextValue: HostObject {
  unowned let context: DbtContext
  init(_ context: DbtContext) { self.context = context }
  override var typeName: String { "dict" }
  override func property(_ name: String) -> Value? { context.lookup(Str.make(name)) }
  override func contains(_ member: Value, _ interpreter: Interpreter) -> Bool? {
    guard case .string(let name) = member else { return false }
    return context.lookup(name) != nil
  }
  override var methodNames: Set<String> { ["get", "update"] }
  override func invoke(_ name: String, _ a: HostArguments, _ r: Interpreter) throws -> Value {
    if name == "update" {
      for (key, value) in a.optional(0, "other")?.asDict?.pairs ?? [] {
        if let key = key.asString { context.variables[key] = value }
      }
      for keyword in a.raw.keywords { context.variables[keyword.name.string] = keyword.value }
      return .none
    }
    return property(try a.string(0, "key", r) ?? "") ?? a.optional(1, "default") ?? .none
  }
}

/// `validation.any('a', 'b')`: a function that refuses other values.
final class ValidationValue: HostObject {
  override var typeName: String { "dict" }
  override var methodNames: Set<String> { ["any"] }
  override func invoke(_ name: String, _ a: HostArguments, _ r: Interpreter) throws -> Value {
    let allowed = a.raw.positional
    return .object(
      NativeFunction("inner") { arguments, r in
        let value = arguments.positional.first ?? .none
        for candidate in allowed {
          if candidate.isEqual(to: value) { return .none }
          if case .object(let type) = candidate, let name = try? type.str(r).string,
            name.contains("'\(value.typeName)'")
          {
            return .none
          }
        }
        let names = try allowed.map { try $0.str(r).string }.joined(separator: ",")
        throw ExecutionError(
          .validation, "Expected value \"\(try value.str(r).string)\" to be one of \(names)")
      })
  }
}

/// `exceptions`: ways to stop with a clear message
/// (https://docs.getdbt.com/reference/dbt-jinja-functions/exceptions).
final class ExceptionsValue: HostObject {
  override var typeName: String { "dict" }
  override var methodNames: Set<String> { Self.methods }
  private static let methods: Set<String> = [
    "warn", "missing_config", "missing_materialization", "missing_relation", "raise_ambiguous_alias",
    "raise_ambiguous_catalog_match", "raise_cache_inconsistent", "raise_dataclass_not_dict", "raise_compiler_error",
    "raise_contract_error", "raise_database_error", "raise_dep_not_found", "raise_dependency_error",
    "raise_duplicate_patch_name", "raise_duplicate_resource_name", "raise_invalid_property_yml_version",
    "raise_not_implemented", "relation_wrong_type", "column_type_missing", "raise_fail_fast_error",
    "warn_snapshot_timestamp_data_types",
  ]

  override func invoke(_ name: String, _ a: HostArguments, _ r: Interpreter) throws -> Value {
    let context = try DbtContext.of(r)
    func text(_ index: Int, _ name: String) throws -> String { try a.optional(index, name)?.str(r).string ?? "None" }
    func field(_ value: Value?, _ name: String) throws -> String {
      guard let value else { return "" }
      return try r.getAttribute(value, Str.make(name)).str(r).string
    }
    switch name {
    case "warn":
      try context.project.warn(.jinjaWarning(text(0, "msg")))
      return .string("")
    case "raise_compiler_error": throw ExecutionError(.compilation, try text(0, "msg"))
    case "raise_database_error": throw ExecutionError(.database, try text(0, "msg"))
    case "raise_dependency_error": throw ExecutionError(.dependency, try text(0, "msg"))
    case "raise_not_implemented": throw ExecutionError(.runtime, "ERROR: \(try text(0, "msg"))")
    case "raise_fail_fast_error":
      var error = ExecutionError(.runtime, try text(0, "msg"))
      error.stopsRun = true
      throw error
    case "missing_config":
      throw ExecutionError(
        .compilation,
        "Model '\(try field(a.optional(0, "model"), "unique_id"))' does not define a required config parameter "
          + "'\(try text(1, "name"))'.")
    case "missing_materialization":
      let model = a.optional(0, "model")
      let config = try model.map { try r.getAttribute($0, Str.make("config")) }
      throw ExecutionError(
        .compilation,
        "No materialization '\(try field(config, "materialized"))' was found for adapter \(try text(1, "adapter_type"))! "
          + "(searched types 'default' and '\(try text(1, "adapter_type"))')")
    case "missing_relation":
      throw ExecutionError(.compilation, "Relation \(try text(0, "relation")) not found!")
    case "relation_wrong_type":
      let relation = a.optional(0, "relation")
      let expected = try text(1, "expected_type")
      let model = a.optional(2, "model")
      let type = try field(relation, "type")
      throw ExecutionError(
        .compilation,
        "Trying to create \(expected) \(try text(0, "relation")), but it currently exists as a \(type). Either drop "
          + "\(try text(0, "relation")) manually, or run dbt with `--full-refresh` and dbt will drop it for you."
          + ((model?.isNone ?? true) ? "" : ""))
    case "column_type_missing":
      let names = try text(0, "column_names")
      throw ExecutionError(
        .compilation,
        "Contracted models require data_type to be defined for each column.  Please ensure that the column name and "
          + "data_type are defined within the YAML configuration for the \(names) column(s).")
    case "raise_contract_error":
      throw ExecutionError(
        .compilation,
        try ContractMismatch.message(
          yaml: a.required(0, "yaml_columns"), sql: a.required(1, "sql_columns"), r))
    case "warn_snapshot_timestamp_data_types":
      let snapshot = try text(0, "snapshot_time_data_type")
      let updated = try text(1, "updated_at_data_type")
      try context.project.warn(
        .warning(
          "SnapshotTimestampWarning", "Q043",
          "Data type of snapshot table timestamp columns (\(snapshot)) doesn't match derived column 'updated_at' "
            + "(\(updated)). Please update snapshot config 'updated_at'."))
      return .string("")
    default:
      let words = try a.raw.positional.map { try $0.str(r).string }.joined(separator: ", ")
      throw ExecutionError(.compilation, "\(name): \(words)")
    }
  }
}

/// What differs between a contract's columns and a query's, as a table.
enum ContractMismatch {
  static func message(yaml: Value, sql: Value, _ r: Interpreter) throws -> String {
    func columns(_ value: Value) throws -> [(name: String, type: String)] {
      try (value.asList?.items ?? []).map { item in
        (
          try r.getItem(item, .string("name")).str(r).string,
          try r.getItem(item, .string("data_type")).str(r).string
        )
      }
    }
    let defined = try columns(sql)
    let wanted = try columns(yaml)
    var rows: [[String]] = []
    if defined.isEmpty { return "This model has an enforced contract, and its 'columns' specification is missing" }
    for column in defined {
      guard let other = wanted.first(where: { $0.name == column.name }) else {
        rows.append([column.name, column.type, "", "missing in contract"])
        continue
      }
      if other.type != column.type {
        rows.append([column.name, column.type, other.type, "data type mismatch"])
      }
    }
    for column in wanted where !defined.contains(where: { $0.name == column.name }) {
      rows.append([column.name, "", column.type, "missing in definition"])
    }
    rows.sort { $0[0] < $1[0] }
    let table = AgateTable(
      columnNames: ["column_name", "definition_type", "contract_type", "mismatch_reason"],
      columnTypes: [.text, .text, .text, .text],
      rows: rows.map { row in row.map { $0.isEmpty ? .string("") : .string($0) } })
    return
      "This model has an enforced contract that failed.\nPlease ensure the name, data_type, and number of columns in "
      + "your contract match the columns in your model's definition.\n\n"
      + AgateText.table(table, maximumRows: 50, maximumColumns: nil, maximumWidth: 50)
      .split(separator: "\n", omittingEmptySubsequences: true).joined(separator: "\n")
  }
}
