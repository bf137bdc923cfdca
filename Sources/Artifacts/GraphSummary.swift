import Manifest

/// graph_summary.json: who there is and who needs whom, by small numbers; what dbt writes for diagnosis.
public enum GraphSummary {
  /// - Parameter tests: further edges of a build, from a test to what waits for it; nil for other commands.
  public static func bytes(
    _ graph: Graph, tests: [(test: Int32, waiting: Int32)]?, invocationID: String
  ) -> [UInt8] {
    var out = JSONSink(capacity: graph.count * 96)
    out.beginObject()
    out.field("_invocation_id", invocationID)
    out.key("linked")
    write(graph, extra: [:], &out)
    if let tests {
      out.key("with_test_edges")
      write(graph, extra: Dictionary(grouping: tests, by: \.test).mapValues { $0.map(\.waiting) }, &out)
    }
    out.endObject()
    return out.bytes
  }

  private static func write(_ graph: Graph, extra: [Int32: [Int32]], _ out: inout JSONSink) {
    out.beginObject()
    for (index, resource) in graph.resources.enumerated() {
      out.key(String(index))
      out.beginObject()
      out.field("name", resource.uniqueID)
      out.field("type", resource.resourceType.rawValue)
      let after = Array(graph.children[Int32(index)]) + (extra[Int32(index)] ?? [])
      if !after.isEmpty { out.field("succ", .list(after.map { .int(Int($0)) })) }
      out.endObject()
    }
    out.endObject()
  }
}
