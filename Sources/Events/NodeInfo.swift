/// What events say of the node they are about. Copied with every event, so what stays the same is one object.
public struct NodeInfo: Sendable {
  public let uniqueID: String
  private let details: Details
  public var startedAt: Timestamp?
  public var finishedAt: Timestamp?
  public var status = "None"

  /// - Parameter details: asked for when a program reads the log; texts for people have none of it. It may be asked more
  ///   than once, by any thread.
  public init(uniqueID: String, _ details: @escaping @Sendable () -> NodeDetails) {
    self.uniqueID = uniqueID
    self.details = Details(make: details)
  }

  public var name: String { details.make().name }
  public var materialized: String { details.make().materialized }
  var groupJSON: String? { details.make().groupJSON }

  var value: EventValue {
    let node = details.make()
    return .object([
      ("materialized", .string(node.materialized)), ("meta", .json(node.metaJSON)),
      ("node_checksum", .string(node.checksum)), ("node_finished_at", .string(finishedAt?.iso ?? "")),
      ("node_name", .string(node.name)), ("node_path", .string(node.path)),
      (
        "node_relation",
        .object([
          ("alias", .string(node.alias)), ("database", .string(node.database)),
          ("relation_name", .string(node.relationName)), ("schema", .string(node.schema)),
        ])
      ), ("node_started_at", .string(startedAt?.iso ?? "")), ("node_status", .string(status)),
      ("resource_type", .string(node.resourceType)), ("unique_id", .string(uniqueID)),
    ])
  }

  private final class Details: Sendable {
    let make: @Sendable () -> NodeDetails
    init(make: @escaping @Sendable () -> NodeDetails) { self.make = make }
  }
}

/// The parts of a node's description that do not change while it runs.
public struct NodeDetails: Sendable {
  public var name: String
  public var path: String
  public var checksum: String
  public var materialized: String
  /// JSON text of the node's `meta`.
  public var metaJSON: String
  public var resourceType: String
  public var alias: String
  public var database: String
  public var schema: String
  public var relationName: String
  /// JSON text about the group it is in, with its owner; nil outside of groups.
  public var groupJSON: String?

  public init(
    name: String, path: String, checksum: String, materialized: String, metaJSON: String, resourceType: String,
    alias: String, database: String, schema: String, relationName: String
  ) {
    self.name = name
    self.path = path
    self.checksum = checksum
    self.materialized = materialized
    self.metaJSON = metaJSON
    self.resourceType = resourceType
    self.alias = alias
    self.database = database
    self.schema = schema
    self.relationName = relationName
  }
}
