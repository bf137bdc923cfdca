/// Checksums of what a resource means rather than of its file. They hash the text Python shows of dbt's objects, so
/// that manifests of both compare equal.
public enum Fingerprints {
  /// Of a model's contract: columns, types and constraints. Nil when the contract is not enforced.
  public static func contract(_ model: Node) -> String? {
    guard model.contract.enforced else { return nil }
    var text = ""
    for column in model.columns.sorted(by: { isOrdered($0.name, $1.name) }) {
      text += "|\(column.name)\(column.dataType ?? "None")"
      text += list(column.constraints.map { constraint($0, ofModel: false) })
    }
    if ContractChanges.enforces(model) {
      text += model.config.materialized
      text += list(model.constraints.map { constraint($0, ofModel: true) })
    }
    return Hashes.sha256(text)
  }

  private static func constraint(_ constraint: Constraint, ofModel: Bool) -> String {
    var fields: [(String, String)] = [
      ("type", "<ConstraintType.\(constraint.type.rawValue): '\(constraint.type.rawValue)'>"),
      ("name", optional(constraint.name)),
      ("expression", optional(constraint.expression)),
      ("warn_unenforced", ConfigValue.bool(constraint.warnUnenforced).pythonRepr),
      ("warn_unsupported", ConfigValue.bool(constraint.warnUnsupported).pythonRepr),
      ("to", optional(constraint.to)),
      ("to_columns", ConfigValue.strings(constraint.toColumns).pythonRepr),
    ]
    if ofModel { fields.append(("columns", ConfigValue.strings(constraint.columns).pythonRepr)) }
    return object(ofModel ? "ModelLevelConstraint" : "ColumnLevelConstraint", fields)
  }

  /// Of a unit test: everything but its description. Rows are as they are after fixtures are read.
  public static func unitTest(_ test: UnitTest) -> String {
    var text = "\(test.model)-\(versions(test.versions))-"
    text += list(test.given.map { fixture($0, isInput: true) })
    text += "-\(fixture(test.expect, isInput: false))-\(overrides(test.overrides))"
    for given in test.given where !(given.fixture ?? "").isEmpty { text += "-\(given.rows.pythonString)" }
    return Hashes.sha256(text)
  }

  private static func fixture(_ fixture: UnitTest.Fixture, isInput: Bool) -> String {
    let member = ["csv": "CSV", "dict": "Dict", "sql": "SQL"][fixture.format] ?? fixture.format
    var fields: [(String, String)] = isInput ? [("input", optional(fixture.input))] : []
    fields += [
      ("rows", fixture.rows.pythonRepr), ("format", "<UnitTestFormat.\(member): '\(fixture.format)'>"),
      ("fixture", optional(fixture.fixture)),
    ]
    return object(isInput ? "UnitTestInputFixture" : "UnitTestOutputFixture", fields)
  }

  private static func overrides(_ overrides: UnitTest.Overrides?) -> String {
    guard let overrides else { return "None" }
    return object(
      "UnitTestOverrides",
      [
        ("macros", ConfigValue.dict(overrides.macros).pythonRepr),
        ("vars", ConfigValue.dict(overrides.vars).pythonRepr),
        ("env_vars", ConfigValue.dict(overrides.envVars).pythonRepr),
      ])
  }

  private static func versions(_ versions: UnitTest.Versions?) -> String {
    guard let versions else { return "None" }
    func text(_ items: [NodeVersion]?) -> String {
      items.map { ConfigValue.list($0.map(\.value)).pythonRepr } ?? "None"
    }
    return object("UnitTestNodeVersions", [("include", text(versions.include)), ("exclude", text(versions.exclude))])
  }

  private static func optional(_ text: String?) -> String { ConfigValue.optional(text).pythonRepr }
  private static func list(_ items: [String]) -> String { "[" + items.joined(separator: ", ") + "]" }
  private static func object(_ name: String, _ fields: [(String, String)]) -> String {
    name + "(" + fields.map { "\($0.0)=\($0.1)" }.joined(separator: ", ") + ")"
  }
}
