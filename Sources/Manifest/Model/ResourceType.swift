/// The kinds of things a project can hold; the raw value is the word that unique ids and artifacts use.
public enum ResourceType: String, Sendable, CaseIterable, Hashable {
  case model, analysis, test, snapshot, operation, seed
  case rpc
  case sqlOperation = "sql_operation"
  case doc, source, macro, exposure, metric, group
  case savedQuery = "saved_query"
  case semanticModel = "semantic_model"
  case unitTest = "unit_test"
  case fixture, function

  /// The plural dbt uses in messages and in properties files.
  public var plural: String {
    switch self {
    case .analysis: "analyses"
    case .savedQuery: "saved_queries"
    case .test: "data_tests"
    default: rawValue + "s"
    }
  }

  /// What `ref()` can find.
  public var isRefable: Bool { self == .model || self == .seed || self == .snapshot }

  /// What is run as SQL against the database.
  public var isExecutable: Bool {
    switch self {
    case .model, .test, .snapshot, .analysis, .operation, .seed, .sqlOperation, .function, .rpc: true
    default: false
    }
  }
}
