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
  var text: EventText
  public var style: Style
  /// The node this is about; nil takes the one the thread is working on, if `inheritsNode`.
  public var node: NodeInfo?
  public var inheritsNode: Bool
  /// The fields of `data` besides `node_info`, which most logs do not show: made when somebody asks.
  private let fields: Fields
  private enum Fields: Sendable {
    case given([(String, EventValue)])
    case late(@Sendable () -> [(String, EventValue)])
  }
  public var data: [(String, EventValue)] {
    switch fields {
    case .given(let data): data
    case .late(let make): make()
    }
  }

  public var message: String { text.whole }

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
    self.init(
      name, code, level, .whole(message), node: node, inheritsNode: inheritsNode, style: style, fields: .given(data))
  }

  /// - Parameters:
  ///   - text: a message that is put together only when a line is written.
  ///   - data: asked for only by those who read it.
  init(
    _ name: String, _ code: String, _ level: Level, _ text: EventText, node: NodeInfo? = nil,
    inheritsNode: Bool = false, style: Style = .line, data: @escaping @Sendable () -> [(String, EventValue)]
  ) {
    self.init(name, code, level, text, node: node, inheritsNode: inheritsNode, style: style, fields: .late(data))
  }

  /// - Parameter text: a message that is put together only when a line is written.
  init(
    _ name: String, _ code: String, _ level: Level, _ text: EventText, node: NodeInfo? = nil,
    inheritsNode: Bool = false, style: Style = .line
  ) {
    self.init(name, code, level, text, node: node, inheritsNode: inheritsNode, style: style, fields: .given([]))
  }

  private init(
    _ name: String, _ code: String, _ level: Level, _ text: EventText, node: NodeInfo?, inheritsNode: Bool,
    style: Style, fields: Fields
  ) {
    self.name = name
    self.code = code
    self.level = level
    self.text = text
    self.node = node
    self.inheritsNode = inheritsNode
    self.style = style
    self.fields = fields
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
