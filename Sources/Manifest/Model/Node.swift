import Jinja

/// A model, seed, snapshot, analysis, test, hook, inline query or function: whatever has a file and may have SQL.
///
/// One class for all, as the engine treats them alike; fields that only some kinds have say so.
public final class Node: GraphResource, @unchecked Sendable {
  public enum Language: String, Sendable { case sql, python }

  public var alias: String
  public var database: String?
  /// Nil when a project's `generate_schema_name` gave None.
  public var schema: String?
  /// The rendered relation; nil for what has none (ephemeral models, tests that store nothing, analyses).
  public var relationName: String?
  public var checksum: Checksum
  public var columns: [ColumnInfo] = []
  public var docs = DocsOptions()
  public var buildPath: String?
  /// What `config()` gave in the file itself.
  public var configCall = ConfigDict()
  public var rawCode: String
  /// `rawCode` compiled, from parsing until it was rendered for the last time. Written only while the project is parsed
  /// and by whoever compiles the node.
  public var template: Template?
  public var docBlocks: [String] = []
  public var language: Language = .sql

  // After compiling.
  public var compiledPath: String?
  public var compiled = false
  public var compiledCode: String?
  public var extraCTEsInjected = false
  public var extraCTEs: [InjectedCTE] = []
  /// Not for seeds.
  public var contract = Contract()

  // Models.
  public var access: Access = .protected
  public var constraints: [Constraint] = []
  public var primaryKey: [String] = []

  /// What few nodes have.
  var rare: RareNodeFields?

  // Generic tests.
  public var columnName: String?
  public var fileKeyName: String?
  public var attachedNode: String?
  /// Nil for singular tests.
  public var testMetadata: TestMetadata?

  public init(
    _ type: ResourceType, uniqueID: String, name: String, packageName: String, path: String, originalFilePath: String,
    fqn: [String], config: NodeConfig, alias: String, database: String?, schema: String?, checksum: Checksum,
    rawCode: String
  ) {
    self.alias = alias
    self.database = database
    self.schema = schema
    self.checksum = checksum
    self.rawCode = rawCode
    super.init(
      type, uniqueID: uniqueID, name: name, packageName: packageName, path: path, originalFilePath: originalFilePath,
      fqn: fqn, config: config)
    description = ""
  }

  /// Takes back what compiling wrote into it.
  public func forgetCompiled() {
    compiled = false
    compiledCode = nil
    compiledPath = nil
    buildPath = nil
    extraCTEs = []
    extraCTEsInjected = false
  }

  /// `orders` for a plain model, `orders.v2` for a version of one.
  public override var searchName: String {
    guard let version else { return name }
    return "\(name).v\(version.text)"
  }

  public var isVersioned: Bool { resourceType == .model && version != nil }
  public var isLatestVersion: Bool { version != nil && version == latestVersion }
  public var isRefable: Bool { resourceType.isRefable }
  public var isEphemeralModel: Bool { isRefable && config.materialized == "ephemeral" }
  public var isGenericTest: Bool { testMetadata != nil }

  /// Whether it is a model, seed or snapshot, or a test that keeps its failures (functions are not, as in dbt).
  public var isRelational: Bool {
    if resourceType == .test { return storesFailures }
    return isRefable
  }

  /// A test with `store_failures`; the command-line flag is the caller's business.
  public var storesFailures: Bool { config[.storeFailures].asBool ?? false }
}
