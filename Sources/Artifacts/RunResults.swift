import Compiler
import Diagnostics
import Events
import Manifest
import Runner

/// run_results.json, version 6 (https://schemas.getdbt.com/dbt/run-results/v6.json).
public enum RunResults {
  /// Results that one thread writes at a time.
  private static let piece = 64

  /// - Parameters:
  ///   - earlier: rows of nodes that an earlier part of the same run has done, as they are to be written.
  ///   - elapsed: seconds of the whole run.
  ///   - arguments: the member `args`: what the command line, the environment and the project said.
  ///   - output: takes the bytes in order.
  public static func write(
    _ results: [NodeResult], earlier: [ConfigDict] = [], elapsed: Double, arguments: ConfigDict,
    metadata: ArtifactMetadata, output: (UnsafeRawBufferPointer) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    var out = JSONSink(capacity: 1 << 12)
    out.beginObject()
    metadata.write(schema: "run-results/v6", &out)
    out.key("results")
    out.beginArray()
    for row in earlier { out.value(.dict(row)) }
    try out.withBytes { (bytes) throws(Diagnostic) in try output(bytes) }
    out.removeAll()
    out.continues(!earlier.isEmpty)
    if results.count <= Self.piece {
      for result in results { write(result, &out) }
    } else {
      try JSONPieces.write(results.count, size: Self.piece, continues: !earlier.isEmpty) { range, out in
        for i in range { write(results[i], &out) }
      } to: { (bytes) throws(Diagnostic) in
        try output(bytes)
      }
    }
    out.endArray()
    out.field("elapsed_time", elapsed)
    out.field("args", arguments)
    out.endObject()
    try out.withBytes { (bytes) throws(Diagnostic) in try output(bytes) }
  }

  /// All bytes at once.
  public static func bytes(
    _ results: [NodeResult], earlier: [ConfigDict] = [], elapsed: Double, arguments: ConfigDict,
    metadata: ArtifactMetadata
  ) throws(Diagnostic) -> [UInt8] {
    var out: [UInt8] = []
    try write(results, earlier: earlier, elapsed: elapsed, arguments: arguments, metadata: metadata) {
      (bytes) throws(Diagnostic) in
      out += bytes
    }
    return out
  }

  private static func write(_ result: NodeResult, _ out: inout JSONSink) {
    // dbt compiles no seed, and says so by leaving these empty.
    let node = result.node.flatMap { $0.resourceType == .seed ? nil : $0 }
    out.beginObject()
    out.field("status", result.status.rawValue)
    out.timing(result.timing)
    out.field("thread_id", result.threadID)
    out.key("execution_time")
    // An integer where nothing ran, as in dbt.
    if result.executionTime == 0 { out.int(0) } else { out.double(result.executionTime) }
    out.field("adapter_response", result.response)
    out.field("message", result.message)
    out.field("failures", result.failures)
    out.field("unique_id", result.resource.uniqueID)
    out.field("compiled", node?.compiled ?? (result.compiledCode == nil ? nil : true))
    out.field("compiled_code", node?.compiledCode ?? result.compiledCode)
    out.field("relation_name", node?.relationName)
    out.key("batch_results")
    batches(result.batches, &out)
    out.endObject()
  }

  private static func batches(_ batches: NodeResult.BatchResults?, _ out: inout JSONSink) {
    guard let batches else {
      out.null()
      return
    }
    out.beginObject()
    for (name, list) in [("successful", batches.successful), ("failed", batches.failed)] {
      out.key(name)
      out.beginArray()
      for batch in list { out.strings([batch.0, batch.1]) }
      out.endArray()
    }
    out.endObject()
  }
}

extension JSONSink {
  /// The member `timing`: name, start and end of each stretch, in UTC.
  mutating func timing(_ stretches: [Timing]) {
    key("timing")
    beginArray()
    for stretch in stretches {
      beginObject()
      field("name", stretch.name)
      field("started_at", stretch.started.isoZ)
      field("completed_at", stretch.completed.isoZ)
      endObject()
    }
    endArray()
  }
}
