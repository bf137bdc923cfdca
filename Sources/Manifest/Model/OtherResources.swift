/// A macro; it is no member of the graph.
public final class Macro: Resource, @unchecked Sendable {
  public struct Argument: Sendable, Equatable {
    public var name: String
    public var type: String?
    public var description: String
    public init(name: String, type: String? = nil, description: String = "") {
      self.name = name
      self.type = type
      self.description = description
    }
  }

  public var macroSQL: String
  public var dependsOnMacros: [String] = []
  public var description = ""
  public var meta = ConfigDict()
  public var docs = DocsOptions()
  public var configMeta = ConfigDict()
  public var configDocs = DocsOptions()
  public var configExtra = ConfigDict()
  public var patchPath: String?
  public var arguments: [Argument] = []
  public var createdAt: Double = 0
  /// Of a materialization: `sql`, `python`; nil for other macros.
  public var supportedLanguages: [String]?

  public init(
    uniqueID: String, name: String, packageName: String, path: String, originalFilePath: String, macroSQL: String
  ) {
    self.macroSQL = macroSQL
    super.init(
      .macro, uniqueID: uniqueID, name: name, packageName: packageName, path: path, originalFilePath: originalFilePath)
  }
}

/// A `{% docs %}` block.
public final class Documentation: Resource, @unchecked Sendable {
  public var blockContents: String
  public init(
    uniqueID: String, name: String, packageName: String, path: String, originalFilePath: String, blockContents: String
  ) {
    self.blockContents = blockContents
    super.init(
      .doc, uniqueID: uniqueID, name: name, packageName: packageName, path: path, originalFilePath: originalFilePath)
  }
}

public final class Group: Resource, @unchecked Sendable {
  public var owner: Owner
  public var description: String?
  public var config: NodeConfig

  public init(
    uniqueID: String, name: String, packageName: String, path: String, originalFilePath: String, owner: Owner
  ) {
    self.owner = owner
    self.config = NodeConfig(.group)
    super.init(
      .group, uniqueID: uniqueID, name: name, packageName: packageName, path: path, originalFilePath: originalFilePath)
  }
}

public final class Exposure: GraphResource, @unchecked Sendable {
  /// dashboard, notebook, analysis, ml or application
  public var type: String
  public var owner: Owner
  public var label: String?
  /// low, medium or high
  public var maturity: String?
  public var url: String?

  public init(
    uniqueID: String, name: String, packageName: String, path: String, originalFilePath: String, fqn: [String],
    config: NodeConfig, type: String, owner: Owner
  ) {
    self.type = type
    self.owner = owner
    super.init(
      .exposure, uniqueID: uniqueID, name: name, packageName: packageName, path: path,
      originalFilePath: originalFilePath, fqn: fqn, config: config)
    description = ""
  }
}

/// A metric of the semantic layer: accepted and carried, not computed.
public final class Metric: GraphResource, @unchecked Sendable {
  public var label: String
  public var type: String
  /// All keys of the schema present, in its order.
  public var typeParams: ConfigDict
  public var filter: ConfigValue = .null
  public var metadata: ConfigValue = .null
  public var timeGranularity: String?

  public init(
    uniqueID: String, name: String, packageName: String, path: String, originalFilePath: String, fqn: [String],
    config: NodeConfig, label: String, type: String, typeParams: ConfigDict
  ) {
    self.label = label
    self.type = type
    self.typeParams = typeParams
    super.init(
      .metric, uniqueID: uniqueID, name: name, packageName: packageName, path: path,
      originalFilePath: originalFilePath, fqn: fqn, config: config)
    description = ""
  }
}

public final class SemanticModel: GraphResource, @unchecked Sendable {
  /// The text of `model:`, a ref call.
  public var model: String
  /// alias, schema_name, database, relation_name
  public var nodeRelation: ConfigDict?
  public var label: String?
  public var defaults: ConfigValue = .null
  public var entities: ConfigValue = .list([])
  public var measures: ConfigValue = .list([])
  public var dimensions: ConfigValue = .list([])
  public var metadata: ConfigValue = .null
  public var primaryEntity: String?

  public init(
    uniqueID: String, name: String, packageName: String, path: String, originalFilePath: String, fqn: [String],
    config: NodeConfig, model: String
  ) {
    self.model = model
    super.init(
      .semanticModel, uniqueID: uniqueID, name: name, packageName: packageName, path: path,
      originalFilePath: originalFilePath, fqn: fqn, config: config)
  }
}

public final class SavedQuery: GraphResource, @unchecked Sendable {
  /// metrics, group_by, where, order_by, limit
  public var queryParams: ConfigDict
  public var exports: ConfigValue = .list([])
  public var label: String?
  public var metadata: ConfigValue = .null

  public init(
    uniqueID: String, name: String, packageName: String, path: String, originalFilePath: String, fqn: [String],
    config: NodeConfig, queryParams: ConfigDict
  ) {
    self.queryParams = queryParams
    super.init(
      .savedQuery, uniqueID: uniqueID, name: name, packageName: packageName, path: path,
      originalFilePath: originalFilePath, fqn: fqn, config: config)
  }
}

/// A unit test's definition.
public final class UnitTest: GraphResource, @unchecked Sendable {
  public struct Fixture: Sendable, Equatable {
    /// The text of `input:` for a given one; nil for the expected one.
    public var input: String?
    /// A list of dicts, or text (CSV or SQL); null when a fixture file is named.
    public var rows: ConfigValue = .null
    /// csv, dict or sql
    public var format = "dict"
    public var fixture: String?
    public init(input: String? = nil, rows: ConfigValue = .null, format: String = "dict", fixture: String? = nil) {
      self.input = input
      self.rows = rows
      self.format = format
      self.fixture = fixture
    }
  }

  public struct Overrides: Sendable, Equatable {
    public var macros = ConfigDict()
    public var vars = ConfigDict()
    public var envVars = ConfigDict()
    public init(macros: ConfigDict = ConfigDict(), vars: ConfigDict = ConfigDict(), envVars: ConfigDict = ConfigDict())
    {
      self.macros = macros
      self.vars = vars
      self.envVars = envVars
    }
  }

  public struct Versions: Sendable, Equatable {
    public var include: [NodeVersion]?
    public var exclude: [NodeVersion]?
    public init(include: [NodeVersion]? = nil, exclude: [NodeVersion]? = nil) {
      self.include = include
      self.exclude = exclude
    }
  }

  /// The tested model's name.
  public var model: String
  public var given: [Fixture] = []
  public var expect = Fixture()
  public var overrides: Overrides?
  public var checksum: String?
  public var schema: String?
  public var versions: Versions?
  public var version: NodeVersion?
  /// The tested model's unique id, once it is resolved.
  public var testedNode: String?

  public init(
    uniqueID: String, name: String, packageName: String, path: String, originalFilePath: String, fqn: [String],
    config: NodeConfig, model: String
  ) {
    self.model = model
    super.init(
      .unitTest, uniqueID: uniqueID, name: name, packageName: packageName, path: path,
      originalFilePath: originalFilePath, fqn: fqn, config: config)
    description = ""
  }

  public override var searchName: String { name }
}
