import Compiler
import Jinja
import Manifest
import Runner

/// sources.json, version 3 (https://schemas.getdbt.com/dbt/sources/v3.json). Sources that could not be asked are left
/// out, as dbt leaves them out.
public enum FreshnessResults {
  public static func bytes(_ results: [NodeResult], elapsed: Double, metadata: ArtifactMetadata) -> [UInt8] {
    var out = JSONWriter(capacity: 4096)
    out.beginObject()
    metadata.write(schema: "sources/v3", &out)
    out.key("results")
    out.beginArray()
    for result in results {
      guard let source = result.resource as? SourceDefinition, let freshness = result.freshness else { continue }
      out.beginObject()
      out.key("unique_id")
      out.value(source.uniqueID)
      out.key("max_loaded_at")
      out.value(freshness.maxLoadedAt)
      out.key("snapshotted_at")
      out.value(freshness.snapshottedAt)
      out.key("max_loaded_at_time_ago_in_s")
      out.value(freshness.age)
      out.key("status")
      out.value(result.status.rawValue)
      out.key("criteria")
      criteria(source.freshness ?? FreshnessThreshold(), &out)
      out.key("adapter_response")
      out.config(.dict(result.response))
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
      out.endObject()
    }
    out.endArray()
    out.key("elapsed_time")
    out.value(elapsed)
    out.endObject()
    return out.bytes
  }

  private static func criteria(_ threshold: FreshnessThreshold, _ out: inout JSONWriter) {
    out.beginObject()
    for (name, time) in [("warn_after", threshold.warnAfter), ("error_after", threshold.errorAfter)] {
      out.key(name)
      guard let time else {
        out.null()
        continue
      }
      out.beginObject()
      out.key("count")
      if let count = time.count { out.value(count) } else { out.null() }
      out.key("period")
      out.value(time.period)
      out.endObject()
    }
    out.key("filter")
    out.value(threshold.filter)
    out.endObject()
  }
}
