import Testing

@testable import Manifest

/// What dbt wrote, read and written again, must come out byte for byte.
@Suite struct ManifestFileTests {
  @Test(arguments: ["shop", "semantic", "changed", "changed/state"]) func roundTrip(_ project: String) throws {
    let expected = try Golden.bytes(Golden.manifestPath(project))
    let written = try ManifestWriter.bytes(try Golden.manifest(project))
    if let mismatch = zip(expected, written).enumerated().first(where: { $0.element.0 != $0.element.1 }) {
      let start = max(0, mismatch.offset - 120)
      Issue.record(
        """
        differs at byte \(mismatch.offset)
        dbt: \(String(decoding: expected[start..<min(expected.count, start + 240)], as: UTF8.self))
        own: \(String(decoding: written[start..<min(written.count, start + 240)], as: UTF8.self))
        """)
    }
    #expect(expected.count == written.count)
  }

  @Test func damagedFilesAreRefused() throws {
    for text in ["", "{", "[]", "{\"nodes\": {\"a\": 1}", "{\"metadata\": {}} x", "nonsense"] {
      let bytes = Array(text.utf8)
      var thrown = false
      do {
        _ = try bytes.withUnsafeBufferPointer { try ManifestReader.read($0, name: "m.json") }
      } catch { thrown = true }
      #expect(thrown || text == "{\"metadata\": {}} x", "\(text)")
    }
    let deep = Array(String(repeating: "[", count: 100_000).utf8)
    var parser = deep.withUnsafeBufferPointer { JSONParser($0) }
    #expect(throws: JSONParser.Failure.self) { try parser.value() }
  }

  @Test func otherVersionsAreNamed() {
    let bytes = Array(#"{"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v3.json"}}"#.utf8)
    #expect(throws: (any Error).self) { try bytes.withUnsafeBufferPointer { try ManifestReader.read($0, name: "m") } }
  }

  /// A manifest of dbt 1.0 has `raw_sql`, lists for refs, and metrics that no longer mean anything.
  @Test func oldVersionsAreRead() throws {
    let text = """
      {"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v4.json"},
       "nodes": {"model.a.m": {"resource_type": "model", "unique_id": "model.a.m", "name": "m", "package_name": "a",
         "raw_sql": "select 1", "compiled_sql": "select 2", "refs": [["x"], ["b", "y"]], "config": {}}},
       "metrics": {"metric.a.n": {"resource_type": "metric", "unique_id": "metric.a.n", "name": "n"}}}
      """
    let manifest = try Array(text.utf8).withUnsafeBufferPointer { try ManifestReader.read($0, name: "m") }
    let node = try #require(manifest.nodes["model.a.m"])
    #expect(node.rawCode == "select 1")
    #expect(node.compiledCode == "select 2")
    #expect(node.refs.map(\.name) == ["x", "y"])
    #expect(node.refs.map(\.package) == [nil, "b"])
    #expect(manifest.metrics.isEmpty)
  }

  @Test func jsonIsWrittenAsPythonDoes() {
    var sink = JSONSink()
    sink.value(["a": "é\u{1F600}\u{7F}\u{1}\"\\\n/", "b": [1, 2.0, true, nil], "c": [:]])
    #expect(
      String(decoding: sink.bytes, as: UTF8.self)
        == #"{"a": "\u00e9\ud83d\ude00"# + "\u{7F}" + #"\u0001\"\\\n/", "b": [1, 2.0, true, null], "c": {}}"#)
  }
}
