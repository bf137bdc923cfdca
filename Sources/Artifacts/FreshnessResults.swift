import Compiler
import Manifest
import Runner

/// sources.json, version 3 (https://schemas.getdbt.com/dbt/sources/v3.json). Sources that could not be asked are left
/// out, as dbt leaves them out.
public enum FreshnessResults {
  /// - Parameter elapsed: seconds of the whole run.
  public static func bytes(_ results: [NodeResult], elapsed: Double, metadata: ArtifactMetadata) -> [UInt8] {
    var out = JSONSink(capacity: 4096)
    out.beginObject()
    metadata.write(schema: "sources/v3", &out)
    out.key("results")
    out.beginArray()
    for result in results {
      guard let source = result.resource as? SourceDefinition, let freshness = result.freshness else { continue }
      write(result, freshness, of: source, &out)
    }
    out.endArray()
    out.field("elapsed_time", elapsed)
    out.endObject()
    return out.bytes
  }

  private static func write(
    _ result: NodeResult, _ freshness: NodeResult.Freshness, of source: SourceDefinition, _ out: inout JSONSink
  ) {
    out.beginObject()
    out.field("unique_id", source.uniqueID)
    out.field("max_loaded_at", freshness.maxLoadedAt)
    out.field("snapshotted_at", freshness.snapshottedAt)
    out.field("max_loaded_at_time_ago_in_s", freshness.age)
    out.field("status", result.status.rawValue)
    out.key("criteria")
    criteria(source.freshness ?? FreshnessThreshold(), &out)
    out.field("adapter_response", result.response)
    out.timing(result.timing)
    out.field("thread_id", result.threadID)
    out.field("execution_time", result.executionTime)
    out.endObject()
  }

  private static func criteria(_ threshold: FreshnessThreshold, _ out: inout JSONSink) {
    out.beginObject()
    for (name, time) in [("warn_after", threshold.warnAfter), ("error_after", threshold.errorAfter)] {
      out.key(name)
      guard let time else {
        out.null()
        continue
      }
      out.beginObject()
      out.field("count", time.count)
      out.field("period", time.period)
      out.endObject()
    }
    out.field("filter", threshold.filter)
    out.endObject()
  }
}
