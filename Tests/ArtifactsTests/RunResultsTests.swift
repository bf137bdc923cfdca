import Diagnostics
import Manifest
import Runner
import Testing

@testable import Artifacts

@Suite struct RunResultsTests {
  @Test func everyKindOfResultIsWrittenAsInVersionSix() throws {
    let model = ArtifactCases.node(.model, "orders")
    model.compiled = true
    model.compiledCode = "select 1 as \"é\""
    let done = NodeResult(model, .success, message: "SELECT 7")
    done.timing = [
      Timing("compile", started: ArtifactCases.start, completed: ArtifactCases.later(1)),
      Timing("execute", started: ArtifactCases.later(1), completed: ArtifactCases.later(3)),
    ]
    done.threadID = "Thread-1 (worker)"
    done.executionTime = 3.5
    done.response = ["_message": "SELECT 7", "code": "SELECT", "rows_affected": 7]

    let seed = NodeResult(ArtifactCases.node(.seed, "countries"), .success, message: "INSERT 2")
    seed.response = ["_message": "INSERT 2", "code": "INSERT", "rows_affected": .bigInt("12345678901234567890")]

    let test = NodeResult(ArtifactCases.node(.test, "unique_orders"), .fail, message: "Got 2 results")
    test.failures = 2

    let batches = NodeResult(ArtifactCases.node(.model, "events"), .partialSuccess, message: "PARTIAL SUCCESS (1/2)")
    batches.batches = NodeResult.BatchResults(
      successful: [("2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z")],
      failed: [("2024-01-02T00:00:00Z", "2024-01-03T00:00:00Z")])

    let skipped = NodeResult(ArtifactCases.node(.model, "after"), .skipped)
    let bytes = try RunResults.bytes(
      [done, seed, test, batches, skipped], elapsed: 4.25,
      arguments: ["which": "build", "select": ["orders+"], "full_refresh": true, "threads": 4],
      metadata: ArtifactCases.metadata)
    try ArtifactCases.expect(bytes, is: "run_results.json")
  }

  @Test func unitTestsHaveTheirCodeThoughTheyAreNoNodes() throws {
    let test = UnitTest(
      uniqueID: "unit_test.shop.orders.adds_up", name: "adds_up", packageName: "shop", path: "m.yml",
      originalFilePath: "models/m.yml", fqn: ["shop", "orders", "adds_up"], config: NodeConfig(.unitTest),
      model: "orders")
    let result = NodeResult(test, .pass)
    result.compiledCode = "select 2"
    let bytes = try RunResults.bytes([result], elapsed: 1, arguments: [:], metadata: ArtifactCases.metadata)
    let root = try ArtifactCases.parsed(String(decoding: bytes, as: UTF8.self)).asDict
    let written = try #require(root?["results"]?.asList?.first?.asDict)
    #expect(written["compiled"] == .bool(true))
    #expect(written["compiled_code"] == .string("select 2"))
    #expect(written["relation_name"] == .null)
  }

  @Test func manyResultsAreOneDocument() throws {
    let text = String(repeating: "x", count: 1000)
    let results = (0..<500).map { NodeResult(ArtifactCases.node(.model, "m\($0)"), .success, message: text) }
    var pieces = 0
    var bytes: [UInt8] = []
    try RunResults.write(results, elapsed: 1, arguments: [:], metadata: ArtifactCases.metadata) {
      (piece) throws(Diagnostic) in
      pieces += 1
      bytes += piece
    }
    #expect(pieces > 2)
    let root = try ArtifactCases.parsed(String(decoding: bytes, as: UTF8.self)).asDict
    #expect(root?["results"]?.asList?.count == 500)
    #expect(root?["results"]?.asList?.last?.asDict?["unique_id"]?.asString?.hasSuffix("m499") == true)
  }
}
