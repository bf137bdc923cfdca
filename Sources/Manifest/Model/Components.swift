/// A model's version: `v: 2`, `v: 1.5` or `v: beta`.
public enum NodeVersion: Sendable, Hashable {
  case int(Int)
  case double(Double)
  case string(String)

  public init?(_ value: ConfigValue) {
    switch value {
    case .int(let i): self = .int(i)
    case .double(let d): self = .double(d)
    case .string(let s): self = .string(s)
    case .bool(let b): self = .int(b ? 1 : 0)
    default: return nil
    }
  }

  public var value: ConfigValue {
    switch self {
    case .int(let i): .int(i)
    case .double(let d): .double(d)
    case .string(let s): .string(s)
    }
  }

  /// Python's `str(version)`, the text in unique ids and aliases.
  public var text: String {
    switch self {
    case .int(let i): String(i)
    case .double(let d): pythonText(of: d)
    case .string(let s): s
    }
  }

  /// Order among versions of one model: as numbers when both are numeric, else as text (dbt's
  /// `UnparsedVersion.__lt__`).
  public static func isOrdered(_ a: NodeVersion, before b: NodeVersion) -> Bool {
    if let x = a.number, let y = b.number { return x < y }
    return a.text < b.text
  }

  public var number: Double? {
    switch self {
    case .int(let i): Double(i)
    case .double(let d): d
    case .string(let s): Double(s)
    }
  }
}

/// One `ref()`: package and version only when they were given.
public struct RefArgs: Sendable, Hashable {
  public var name: String
  public var package: String?
  public var version: NodeVersion?
  public init(name: String, package: String? = nil, version: NodeVersion? = nil) {
    self.name = name
    self.package = package
    self.version = version
  }
}

/// Unique ids a resource needs, in the order found, without duplicates.
public struct DependsOn: Sendable, Equatable {
  public var macros: [String] = []
  public var nodes: [String] = []
  public init(macros: [String] = [], nodes: [String] = []) {
    self.macros = macros
    self.nodes = nodes
  }
  public mutating func addMacro(_ id: String) { if !macros.contains(id) { macros.append(id) } }
  public mutating func addNode(_ id: String) { if !nodes.contains(id) { nodes.append(id) } }
}

/// A file's hash: `sha256` of its contents, `path` for seeds too large to hash, `none` for what has no file.
public struct Checksum: Sendable, Hashable {
  public var name: String
  public var checksum: String
  public init(name: String, checksum: String) {
    self.name = name
    self.checksum = checksum
  }
  public static let none = Checksum(name: "none", checksum: "")
  public static func path(_ path: String) -> Checksum { Checksum(name: "path", checksum: path) }

  /// dbt's equality: "none" equals nothing, not even itself.
  public func matches(_ other: Checksum) -> Bool {
    name != "none" && name == other.name && checksum == other.checksum
  }
}

public struct DocsOptions: Sendable, Equatable {
  public var show = true
  public var nodeColor: String?
  public init(show: Bool = true, nodeColor: String? = nil) {
    self.show = show
    self.nodeColor = nodeColor
  }
  public var value: ConfigValue { .dict(["show": .bool(show), "node_color": .optional(nodeColor)]) }
}

/// A model's contract as the node carries it; `checksum` is filled in while compiling.
public struct Contract: Sendable, Equatable {
  public var enforced = false
  public var aliasTypes = true
  public var checksum: String?
  public init(enforced: Bool = false, aliasTypes: Bool = true, checksum: String? = nil) {
    self.enforced = enforced
    self.aliasTypes = aliasTypes
    self.checksum = checksum
  }
}

/// A column's or a model's constraint; `columns` is used by model-level ones only.
public struct Constraint: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    case check
    case notNull = "not_null"
    case unique
    case primaryKey = "primary_key"
    case foreignKey = "foreign_key"
    case custom
  }
  public var type: Kind
  public var name: String?
  public var expression: String?
  public var warnUnenforced = true
  public var warnUnsupported = true
  public var to: String?
  public var toColumns: [String] = []
  public var columns: [String] = []
  public init(type: Kind) { self.type = type }
}

public struct ColumnInfo: Sendable, Equatable {
  public var name: String
  public var description = ""
  public var meta = ConfigDict()
  public var dataType: String?
  public var constraints: [Constraint] = []
  public var quote: Bool?
  /// `config:` of the column: meta and tags, plus whatever else was written there.
  public var configMeta = ConfigDict()
  public var configTags: [String] = []
  public var configExtra = ConfigDict()
  public var tags: [String] = []
  /// Keys dbt does not know, kept.
  public var extra = ConfigDict()
  public var granularity: String?
  public var docBlocks: [String] = []
  public init(name: String) { self.name = name }
}

/// A hook: SQL with the question whether it runs inside the transaction.
public struct Hook: Sendable, Equatable {
  public var sql: String
  public var transaction = true
  public var index: Int?
  public init(sql: String, transaction: Bool = true, index: Int? = nil) {
    self.sql = sql
    self.transaction = transaction
    self.index = index
  }
}

/// The common table expression an ephemeral model was turned into.
public struct InjectedCTE: Sendable, Equatable {
  /// The ephemeral model's unique id.
  public var id: String
  public var sql: String
  public init(id: String, sql: String) {
    self.id = id
    self.sql = sql
  }
}

/// Whose exposure or group this is; `extra` holds further keys as written.
public struct Owner: Sendable, Equatable {
  /// A string or a list of strings.
  public var email: ConfigValue = .null
  public var name: String?
  public var extra = ConfigDict()
  public init(email: ConfigValue = .null, name: String? = nil, extra: ConfigDict = ConfigDict()) {
    self.email = email
    self.name = name
    self.extra = extra
  }
}

/// Who may `ref` a model.
public enum Access: String, Sendable, CaseIterable {
  case `private`, protected, `public`
}

/// How a generic test was asked for.
public final class TestMetadata: Sendable {
  public let name: String
  public let kwargs: ConfigDict
  public let namespace: String?
  /// What is tested, where it was parsed now and not read from an artifact: what stands as text in the argument
  /// `model`.
  public let target: Target?

  public enum Target: Sendable, Equatable {
    case ref(String, version: NodeVersion?)
    case source(String, table: String)

    /// As a template calls it.
    public var call: String {
      switch self {
      case .ref(let name, let version?): "ref('\(name)', version='\(version.text)')"
      case .ref(let name, nil): "ref('\(name)')"
      case .source(let name, let table): "source('\(name)', '\(table)')"
      }
    }
  }

  public init(name: String, kwargs: ConfigDict = ConfigDict(), namespace: String? = nil, target: Target? = nil) {
    self.name = name
    self.kwargs = kwargs
    self.namespace = namespace
    self.target = target
  }
}

/// Where a deferred node's relation lives in the other environment.
public struct DeferRelation: Sendable, Equatable {
  public var database: String?
  public var schema: String
  public var alias: String
  public var relationName: String?
  public init(database: String?, schema: String, alias: String, relationName: String?) {
    self.database = database
    self.schema = schema
    self.alias = alias
    self.relationName = relationName
  }
}

public struct FunctionArgument: Sendable, Equatable {
  public var name: String
  public var dataType: String
  public var description: String?
  public var defaultValue: ConfigValue?
  public init(name: String, dataType: String, description: String? = nil, defaultValue: ConfigValue? = nil) {
    self.name = name
    self.dataType = dataType
    self.description = description
    self.defaultValue = defaultValue
  }
}

public struct FunctionReturns: Sendable, Equatable {
  public var dataType: String
  public var description: String?
  public init(dataType: String, description: String? = nil) {
    self.dataType = dataType
    self.description = description
  }
}
