import Events
import Manifest

/// What every artifact says of the invocation that wrote it.
public struct ArtifactMetadata: Sendable {
  public var dbtVersion: String
  public var invocationID: String
  public var invocationStartedAt: Timestamp
  public var environment: [(String, String)]

  public init(dbtVersion: String, invocationID: String, invocationStartedAt: Timestamp, environment: [(String, String)])
  {
    self.dbtVersion = dbtVersion
    self.invocationID = invocationID
    self.invocationStartedAt = invocationStartedAt
    self.environment = environment
  }

  /// The member `metadata`.
  /// - Parameter schema: the artifact's name and version: `run-results/v6`.
  func write(schema: String, _ out: inout JSONSink) {
    out.key("metadata")
    out.beginObject()
    out.field("dbt_schema_version", "https://schemas.getdbt.com/dbt/\(schema).json")
    out.field("dbt_version", dbtVersion)
    out.field("generated_at", Timestamp.now().isoZ)
    out.field("invocation_id", invocationID)
    out.field("invocation_started_at", invocationStartedAt.isoZ)
    out.key("env")
    out.beginObject()
    for (name, value) in environment {
      out.key(name)
      out.string(value)
    }
    out.endObject()
    out.endObject()
  }
}
