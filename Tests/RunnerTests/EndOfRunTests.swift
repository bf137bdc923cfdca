import Diagnostics
import Events
import Manifest
import Testing

@testable import Runner

@Suite struct EndOfRunTests {
  private func node(_ type: ResourceType, _ name: String) -> Node {
    Node(
      type, uniqueID: "\(type.rawValue).shop.\(name)", name: name, packageName: "shop", path: "\(name).sql",
      originalFilePath: "models/\(name).sql", fqn: ["shop", name], config: NodeConfig(type), alias: name,
      database: "db", schema: "public", checksum: .none, rawCode: "")
  }

  /// Name, level and text (without colours) of what is told after a run.
  private func told(_ results: [NodeResult], interrupted: Bool = false) -> [String] {
    var settings = EventLog.Settings()
    settings.consoleIsOff = true
    let log = EventLog(invocationID: "id", settings: settings)
    let seen = Locked<[String]>([])
    log.observe { event, _ in
      guard event.name != "Formatting" else { return }
      seen.withLock { $0.append("\(event.name) \(event.level.word): \(ANSI.strip(event.message))") }
    }
    EndOfRun.emit(results, interrupted: interrupted, log)
    return seen.withLock { $0 }
  }

  @Test func successIsToldInTwoLines() {
    let results = [
      NodeResult(node(.model, "a"), .success, message: "SELECT 1"),
      NodeResult(node(.model, "b"), .noOp, message: "NO-OP"),
    ]
    #expect(
      told(results) == [
        "EndOfRunSummary info: Completed successfully",
        "StatsLine info: Done. PASS=1 WARN=0 ERROR=0 SKIP=0 NO-OP=1 TOTAL=2",
      ])
  }

  @Test func failuresComeBeforeWarningsAndBothBeforeTheCounts() {
    let failed = node(.model, "bad")
    failed.compiledPath = "target/compiled/bad.sql"
    let results = [
      NodeResult(node(.test, "t"), .warn, message: "Got 1 result, configured to warn if != 0"),
      NodeResult(failed, .error, message: "Database Error in model bad"),
      NodeResult(node(.model, "later"), .skipped),
    ]
    #expect(
      told(results) == [
        "EndOfRunSummary info: Completed with 1 error, 0 partial successes, and 1 warning:",
        "RunResultFailure error: Failure in model bad (models/bad.sql)",
        "RunResultError error:   Database Error in model bad",
        "SQLCompiledPath info:   compiled code at target/compiled/bad.sql",
        "RunResultWarning warn: Warning in test t (models/t.sql)",
        "RunResultWarningMessage warn: Got 1 result, configured to warn if != 0",
        "StatsLine info: Done. PASS=0 WARN=1 ERROR=1 SKIP=1 NO-OP=0 TOTAL=3",
      ])
  }

  @Test func anInterruptedRunSaysSo() {
    #expect(told([], interrupted: true).first == "EndOfRunSummary info: Exited because of keyboard interrupt")
  }

  @Test func resourcesAreCountedByKind() {
    #expect(
      NodeDescription.counts([node(.seed, "s"), node(.test, "t"), node(.test, "u"), node(.operation, "h")])
        == "1 project hook, 1 seed, 2 data tests")
  }
}
