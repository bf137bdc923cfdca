/// One thing that happened, as data: what a person reads (`message`) and what a program reads (`name`, `code`,
/// `data`). Names and codes are those of dbt's structured logging
/// (https://docs.getdbt.com/reference/events-logging), because orchestrators look for them.
public struct Event: Sendable {
  public enum Level: Int, Sendable, Comparable {
    case debug, info, warn, error
    public var word: String {
      switch self {
      case .debug: "debug"
      case .info: "info"
      case .warn: "warn"
      case .error: "error"
      }
    }
    /// As it stands between a line's time and its thread.
    var bracketed: String {
      switch self {
      case .debug: " [debug] ["
      case .info: " [info ] ["
      case .warn: " [warn ] ["
      case .error: " [error] ["
      }
    }
    public init?(word: String) {
      switch word.lowercased() {
      case "debug": self = .debug
      case "info": self = .info
      case "warn", "warning": self = .warn
      case "error": self = .error
      default: return nil
      }
    }
    public static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
  }

  /// How the text form is written.
  public enum Style: Sendable {
    /// With the time before it.
    case line
    /// As it is: what a command was asked to print (names of `ls`, rows of `show`, Jinja's `print`).
    case output
  }

  public var name: String
  public var code: String
  public var level: Level
  public var message: String
  public var style: Style
  /// The node this is about; nil takes the one the thread is working on, if `inheritsNode`.
  public var node: NodeInfo?
  public var inheritsNode: Bool
  /// The fields of `data` besides `node_info`.
  public var data: [(String, EventValue)]

  /// Whether programs are told whose node it is: events of how a node ended.
  var namesGroup: Bool {
    switch name {
    case "LogModelResult", "LogBatchResult", "LogSeedResult", "LogSnapshotResult", "LogTestResult", "LogFunctionResult",
      "RunResultError", "RunResultFailure", "RunResultWarning", "SkippingDetails":
      true
    default: false
    }
  }

  /// Whether the program waits for the server next: a line to be read while it waits.
  var precedesWait: Bool { name == "SQLQuery" || name == "NewConnectionOpening" }

  public init(
    _ name: String, _ code: String, _ level: Level, _ message: String, node: NodeInfo? = nil,
    inheritsNode: Bool = false, style: Style = .line, data: [(String, EventValue)] = []
  ) {
    self.name = name
    self.code = code
    self.level = level
    self.message = message
    self.node = node
    self.inheritsNode = inheritsNode
    self.style = style
    self.data = data
  }
}

/// A JSON value inside an event.
public indirect enum EventValue: Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral
{
  case null
  case bool(Bool)
  case int(Int)
  case double(Double)
  case string(String)
  case list([EventValue])
  case object([(String, EventValue)])
  /// JSON text made elsewhere, put in as it is.
  case json(String)
  /// What is made only when somebody reads it: most logs are texts for people.
  case lazy(@Sendable () -> EventValue)

  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .int(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
}

/// What events say of the node they are about.
public struct NodeInfo: Sendable {
  public var name: String
  public var path: String
  public var checksum: String
  public var materialized: String
  /// JSON text of the node's `meta`.
  public var metaJSON: String
  public var resourceType: String
  public var uniqueID: String
  public var alias: String
  public var database: String
  public var schema: String
  public var relationName: String
  /// JSON text about the group it is in, with its owner; nil outside of groups.
  public var groupJSON: String?
  /// ISO 8601 without zone (UTC); empty while unknown.
  public var startedAt = ""
  public var finishedAt = ""
  public var status = "None"

  public init(
    name: String, path: String, checksum: String, materialized: String, metaJSON: String, resourceType: String,
    uniqueID: String, alias: String, database: String, schema: String, relationName: String
  ) {
    self.name = name
    self.path = path
    self.checksum = checksum
    self.materialized = materialized
    self.metaJSON = metaJSON
    self.resourceType = resourceType
    self.uniqueID = uniqueID
    self.alias = alias
    self.database = database
    self.schema = schema
    self.relationName = relationName
  }

  var value: EventValue {
    .object([
      ("materialized", .string(materialized)), ("meta", .json(metaJSON)), ("node_checksum", .string(checksum)),
      ("node_finished_at", .string(finishedAt)), ("node_name", .string(name)), ("node_path", .string(path)),
      (
        "node_relation",
        .object([
          ("alias", .string(alias)), ("database", .string(database)), ("relation_name", .string(relationName)),
          ("schema", .string(schema)),
        ])
      ), ("node_started_at", .string(startedAt)), ("node_status", .string(status)),
      ("resource_type", .string(resourceType)), ("unique_id", .string(uniqueID)),
    ])
  }
}
