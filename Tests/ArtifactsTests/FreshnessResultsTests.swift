import Manifest
import Runner
import Testing

@testable import Artifacts

@Suite struct FreshnessResultsTests {
  @Test func sourcesThatCouldNotBeAskedAreLeftOut() throws {
    let fresh = NodeResult(ArtifactCases.source("visits"), .warn)
    fresh.freshness = NodeResult.Freshness(
      maxLoadedAt: "2023-11-14T08:00:00+00:00", snapshottedAt: "2023-11-14T22:13:20+00:00", age: 51200.5)
    fresh.threadID = "Thread-2 (worker)"
    fresh.executionTime = 0.5
    fresh.timing = [Timing("execute", started: ArtifactCases.start, completed: ArtifactCases.later(1))]
    fresh.response = ["_message": "SELECT 1", "code": "SELECT", "rows_affected": 1]
    let failed = NodeResult(ArtifactCases.source("gone"), .runtimeError, message: "no such table")
    let bytes = FreshnessResults.bytes([fresh, failed], elapsed: 0.75, metadata: ArtifactCases.metadata)
    try ArtifactCases.expect(bytes, is: "sources.json")
  }
}
