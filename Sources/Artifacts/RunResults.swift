import Compiler
import Events
import Jinja
import Manifest
import Runner

/// run_results.json, version 6 (https://schemas.getdbt.com/dbt/run-results/v6.json).
public enum RunResults {
  public static func bytes(
    _ results: [NodeResult], elapsed: Double, arguments: ConfigDict, metadata: ArtifactMetadata
  ) -> [UInt8] {
    var out = JSONWriter(capacity: 4096 + results.count * 1024)
    out.beginObject()
    metadata.write(schema: "run-results/v6", &out)
    out.key("results")
    out.beginArray()
    for result in results { write(result, &out) }
    out.endArray()
    out.key("elapsed_time")
    out.value(elapsed)
    out.key("args")
    out.config(.dict(arguments))
    out.endObject()
    return out.bytes
  }

  private static func write(_ result: NodeResult, _ out: inout JSONWriter) {
    let node = result.node
    out.beginObject()
    out.key("status")
    out.value(result.status.rawValue)
    out.key("timing")
    out.beginArray()
    for timing in result.timing {
      out.beginObject()
      out.key("name")
      out.value(timing.name)
      out.key("started_at")
      out.value(timing.started.isoZ)
      out.key("completed_at")
      out.value(timing.completed.isoZ)
      out.endObject()
    }
    out.endArray()
    out.key("thread_id")
    out.value(result.threadID)
    out.key("execution_time")
    out.value(result.executionTime)
    out.key("adapter_response")
    out.config(.dict(result.response))
    out.key("message")
    out.value(result.message)
    out.key("failures")
    if let failures = result.failures { out.value(failures) } else { out.null() }
    out.key("unique_id")
    out.value(result.resource.uniqueID)
    out.key("compiled")
    if let node, node.resourceType != .seed {
      out.value(node.compiled)
    } else if result.compiledCode != nil {
      out.value(true)
    } else {
      out.null()
    }
    out.key("compiled_code")
    out.value(node?.resourceType == .seed ? nil : node?.compiledCode ?? result.compiledCode)
    out.key("relation_name")
    out.value(node?.resourceType == .seed ? nil : node?.relationName)
    out.key("batch_results")
    if let batches = result.batches {
      out.beginObject()
      for (name, list) in [("successful", batches.successful), ("failed", batches.failed)] {
        out.key(name)
        out.beginArray()
        for batch in list {
          out.beginArray()
          out.value(batch.0)
          out.value(batch.1)
          out.endArray()
        }
        out.endArray()
      }
      out.endObject()
    } else {
      out.null()
    }
    out.endObject()
  }
}

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

  func write(schema: String, _ out: inout JSONWriter) {
    out.key("metadata")
    out.beginObject()
    out.key("dbt_schema_version")
    out.value("https://schemas.getdbt.com/dbt/\(schema).json")
    out.key("dbt_version")
    out.value(dbtVersion)
    out.key("generated_at")
    out.value(Timestamp.now().isoZ)
    out.key("invocation_id")
    out.value(invocationID)
    out.key("invocation_started_at")
    out.value(invocationStartedAt.isoZ)
    out.key("env")
    out.beginObject()
    for (name, value) in environment {
      out.key(name)
      out.value(value)
    }
    out.endObject()
    out.endObject()
  }
}

extension JSONWriter {
  public mutating func config(_ value: ConfigValue) {
    switch value {
    case .null: null()
    case .bool(let b): self.value(b)
    case .int(let i): self.value(i)
    case .bigInt(let digits): self.value(digits)
    case .double(let d): self.value(d)
    case .string(let s), .date(let s), .datetime(let s): self.value(s)
    case .list(let items):
      beginArray()
      for item in items { config(item) }
      endArray()
    case .dict(let dict):
      beginObject()
      for entry in dict {
        key(entry.key)
        config(entry.value)
      }
      endObject()
    }
  }
}
