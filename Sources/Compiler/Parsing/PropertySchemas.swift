import Diagnostics
import Manifest
import YAML

/// The shapes of the entries of properties files, by section: what dbt-core 1.11 accepts there.
enum PropertySchemas {
  /// - Returns: what is wrong with an entry, at the place in the file; nil when nothing is, or dbt does not look.
  static func problem(_ values: ConfigDict, _ key: String, _ file: ParseFile, _ node: YAMLNode) -> Diagnostic? {
    guard let shape = sections[key], let problem = shape.problem(.dict(values)) else { return nil }
    var hint: String?
    if let unknown = problem.unknownName, let near = NearestName.of(unknown, among: problem.known) {
      hint = "Did you mean '\(near)'?"
    } else if problem.message.hasPrefix("None ") {
      hint = "Leave the key out where there is nothing to say."
    }
    return Diagnostic(
      "property-shape", .parsing,
      "Invalid \(key) config given in \(file.originalPath) - at path \(problem.pathText): \(problem.message)",
      range: place(problem, in: node), hint: hint)
  }

  /// The value at fault, or the nearest thing around it that stands in the file.
  private static func place(_ problem: PropertyShape.Problem, in node: YAMLNode) -> SourceRange {
    var node = node
    var range = (node["name"] ?? node).range
    for step in problem.path {
      switch step {
      case .string(let key):
        // `data_tests` may have been written `tests`.
        guard let entry = node.mapping?.entry(key) ?? (key == "data_tests" ? node.mapping?.entry("tests") : nil) else {
          return range
        }
        node = entry.value
        range = node.isNull ? entry.key.range : node.range
      case .int(let index):
        guard let items = node.sequence, index < items.count else { return range }
        node = items[index]
        range = node.range
      default: return range
      }
    }
    if let unknown = problem.unknownName, let entry = node.mapping?.entry(unknown) { return entry.key.range }
    return range
  }

  // MARK: Shapes

  private static let tests: PropertyShape = .list(.either([.object, .string]))
  private static let text: PropertyShape = .optional(.string)

  private static let described: [String: PropertyShape] = [
    "name": .string, "description": .string, "config": .object, "data_type": text, "constraints": .list(.object),
    "docs": docs,
  ]
  private static let docs: PropertyShape = .record(
    ["show": .boolean, "node_color": text], required: [], closed: true)
  private static let tested: [String: PropertyShape] = described.merging([
    "data_tests": tests, "columns": .list(column), "quote_columns": .optional(.boolean),
  ]) { $1 }
  private static let column: PropertyShape = .record(
    described.merging([
      "data_tests": tests, "quote": .optional(.boolean), "tags": .list(.string), "granularity": text,
    ]) { $1 }, required: ["name"], closed: false)

  private static let moment: PropertyShape = .optional(.either([.string, .time]))
  private static let version: PropertyShape = .record(
    [
      "v": .either([.string, .number]), "defined_in": text, "description": .string, "access": text, "config": .object,
      "constraints": .list(.object), "docs": docs, "data_tests": .optional(tests), "deprecation_date": moment,
      "columns": .list(
        .either([
          .record(
            ["include": .either([.string, .list(.string)]), "exclude": .list(.string)], required: ["include"],
            closed: true), column,
        ])),
    ], required: ["v"], closed: true)
  private static let resource: PropertyShape = .record(
    tested.merging([
      "access": text, "latest_version": .optional(.either([.string, .number])), "versions": .list(version),
      "deprecation_date": moment,
      "time_spine": .optional(
        .record(
          [
            "standard_granularity_column": .string,
            "custom_granularities": .list(
              .record(["name": .string, "column_name": text], required: ["name"], closed: true)),
          ], required: ["standard_granularity_column"], closed: true)),
    ]) { $1 }, required: ["name"], closed: false)
  private static let function: PropertyShape = .record(
    described.merging([
      "access": text,
      "returns": .record(["data_type": .string, "description": text], required: ["data_type"], closed: true),
      "arguments": .list(
        .record(
          ["name": .string, "data_type": .string, "description": text, "default_value": .any],
          required: ["name", "data_type"], closed: true)),
    ]) { $1 }, required: ["returns", "name"], closed: false)
  private static let other: PropertyShape = .record(tested, required: ["name"], closed: false)

  private static let owner: PropertyShape = .record(
    ["email": .optional(.either([.string, .list(.string)])), "name": text], required: [], closed: false)
  private static let time: PropertyShape = .record(
    ["count": .optional(.integer), "period": .optional(.oneOf(["minute", "hour", "day"]))], required: [], closed: true)
  private static let freshness: PropertyShape = .optional(
    .record(
      ["warn_after": .optional(time), "error_after": .optional(time), "filter": text], required: [], closed: true))
  private static let fresh: PropertyShape = .record(["freshness": freshness], required: [], closed: false)
  private static let quoting: PropertyShape = .record(
    Dictionary(uniqueKeysWithValues: ["database", "schema", "identifier", "column"].map { ($0, .optional(.boolean)) }),
    required: [], closed: true)

  private static let source: PropertyShape = .record(
    [
      "name": .string, "description": .string, "meta": .object, "database": text, "schema": text, "loader": .string,
      "quoting": quoting, "freshness": freshness, "loaded_at_field": text, "loaded_at_query": text,
      "tags": .list(.string), "config": fresh, "unrendered_database": text, "unrendered_schema": text,
      "loaded_at_field_present": .optional(.boolean), "overrides": text,
      "tables": .list(
        .record(
          tested.merging([
            "loaded_at_field": text, "loaded_at_query": text, "identifier": text, "quoting": quoting,
            "freshness": freshness, "external": .optional(.object), "tags": .list(.string), "config": fresh,
            "meta": .object,
          ]) { $1 }, required: ["name"], closed: false)),
    ], required: ["name"], closed: true)

  private static let exposure: PropertyShape = .record(
    [
      "name": .string, "type": .oneOf(["dashboard", "notebook", "analysis", "ml", "application"]), "owner": owner,
      "description": .string, "label": text, "maturity": .optional(.oneOf(["low", "medium", "high"])),
      "meta": .object, "tags": .list(.string), "url": text, "depends_on": .list(.string), "config": .object,
    ], required: ["name", "type", "owner"], closed: true)

  private static let fixture: [String: PropertyShape] = [
    "rows": .optional(.either([.string, .list(.object)])), "format": .oneOf(["csv", "dict", "sql"]), "fixture": text,
  ]
  private static let unitTest: PropertyShape = .record(
    [
      "name": .string, "model": .string, "description": .string, "config": .object,
      "given": .list(.record(fixture.merging(["input": .string]) { $1 }, required: ["input"], closed: true)),
      "expect": .record(fixture, required: [], closed: true),
      "overrides": .optional(
        .record(["macros": .object, "vars": .object, "env_vars": .object], required: [], closed: true)),
      "versions": .optional(
        .record(["include": .optional(.list(.any)), "exclude": .optional(.list(.any))], required: [], closed: true)),
    ], required: ["name", "model", "given", "expect"], closed: true)

  private static let sections: [String: PropertyShape] = [
    "metrics": SemanticSchemas.metric, "semantic_models": SemanticSchemas.model,
    "saved_queries": SemanticSchemas.query, "functions": function,
    "models": resource, "seeds": other, "snapshots": other, "analyses": other, "sources": source,
    "exposures": exposure, "unit_tests": unitTest,
    "groups": .record(
      ["name": .string, "owner": owner, "description": text, "config": .object], required: ["name", "owner"],
      closed: true),
    "macros": .record(
      described.merging([
        "arguments": .list(
          .record(["name": .string, "type": text, "description": .string], required: ["name"], closed: true))
      ]) { $1 }, required: ["name"], closed: false),
  ]
}

extension PropertyShape.Problem {
  /// The name that is not known, when that is the problem.
  var unknownName: String? {
    guard message.hasPrefix("Additional properties"), let start = message.firstIndex(of: "'") else { return nil }
    let rest = message[message.index(after: start)...]
    return rest.firstIndex(of: "'").map { String(rest[..<$0]) }
  }
}
