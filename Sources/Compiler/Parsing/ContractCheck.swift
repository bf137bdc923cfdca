import Diagnostics
import Manifest

/// An enforced contract needs its columns, and has a checksum over what it promises.
enum ContractCheck {
  static func apply(_ node: Node, _ patch: Patch) throws {
    if node.contract.enforced { try requirePrerequisites(node, patch) }
    try requireOnePrimaryKey(node, patch)
    guard node.contract.enforced else { return }
    var state = ""
    for column in node.columns.sorted(by: { isOrdered($0.name, $1.name) }) {
      state += "|\(column.name)\(column.dataType ?? "None")\(python(column.constraints, model: false))"
    }
    if ["table", "incremental"].contains(node.config.materialized) {
      state += node.config.materialized + python(node.constraints, model: true)
    }
    node.contract.checksum = Hashes.sha256(Array(state.utf8))
  }

  private static func requirePrerequisites(_ node: Node, _ patch: Patch) throws {
    var missing: [String] = []
    if node.columns.isEmpty {
      missing.append("Constraints must be defined in a `yml` schema configuration file like `schema.yml`.")
    }
    if node.language != .sql {
      missing.append("Language Error: Expected 'sql' but found '\(node.language.rawValue)'")
    }
    guard !missing.isEmpty else { return }
    throw Diagnostic(
      "contract", .parsing,
      "Contract enforcement failed for: (\(node.originalFilePath))\n" + missing.joined(separator: "\n"),
      range: patch.range,
      hint: node.columns.isEmpty ? "List the model's columns with their data types under `columns:`." : nil)
  }

  /// A table has one primary key: of one column, or of several at the level of the model.
  private static func requireOnePrimaryKey(_ node: Node, _ patch: Patch) throws {
    guard node.columns.contains(where: { !$0.constraints.isEmpty }) else { return }
    let columns = node.columns.flatMap { column in
      column.constraints.filter { $0.type == .primaryKey }.map { _ in column.name }
    }
    var wrong: [String] = []
    if columns.count > 1 {
      let names = columns.map { ConfigValue.pythonRepr(of: $0) }.joined(separator: ", ")
      wrong.append(
        "Found \(columns.count) columns ([\(names)]) with primary key constraints defined. Primary keys for multiple "
          + "columns must be defined as a model level constraint.")
    }
    if !columns.isEmpty, node.constraints.contains(where: { $0.type == .primaryKey }) {
      wrong.append(
        "Primary key constraints defined at the model level and the columns level. Primary keys can be defined at the "
          + "model level or the column level, not both.")
    }
    guard !wrong.isEmpty else { return }
    throw Diagnostic(
      "primary-key", .parsing,
      "Primary key constraint error: (\(node.originalFilePath))\n" + wrong.joined(separator: "\n"), range: patch.range)
  }

  /// The constraints as Python prints dbt's objects, which is what its checksum is made of.
  private static func python(_ constraints: [Constraint], model: Bool) -> String {
    func text(_ value: String?) -> String { value.map { ConfigValue.pythonRepr(of: $0) } ?? "None" }
    func list(_ items: [String]) -> String { "[" + items.map { text($0) }.joined(separator: ", ") + "]" }
    func flag(_ value: Bool) -> String { value ? "True" : "False" }
    let parts = constraints.map { c in
      "\(model ? "ModelLevelConstraint" : "ColumnLevelConstraint")(type=<ConstraintType.\(c.type.rawValue): "
        + "'\(c.type.rawValue)'>, name=\(text(c.name)), expression=\(text(c.expression)), "
        + "warn_unenforced=\(flag(c.warnUnenforced)), warn_unsupported=\(flag(c.warnUnsupported)), to=\(text(c.to)), "
        + "to_columns=\(list(c.toColumns))\(model ? ", columns=\(list(c.columns))" : ""))"
    }
    return "[" + parts.joined(separator: ", ") + "]"
  }
}
