import Foundation
import Testing

@testable import Events

/// Names, codes and levels are those of dbt 1.11's events, which Golden/events/codes.tsv lists.
@Suite struct EventCodeTests {
  static let known: [String: (code: String, level: String)] = {
    let tests = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
    let text = (try? String(contentsOfFile: "\(tests)/Golden/events/codes.tsv", encoding: .utf8)) ?? ""
    var out: [String: (String, String)] = [:]
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: "\t").map(String.init)
      if fields.count == 3 { out[fields[0]] = (fields[1], fields[2]) }
    }
    return out
  }()

  static let catalog: [Event] = {
    let node = EventsTests.node()
    return [
      .newConnection("master"), .connectionReused("b", from: "a"), .connectionOpening("init"), .connectionUsed("a"),
      .sqlQuery("a", "select 1"), .sqlStatus("SELECT 1", seconds: 1), .connectionClosed("a"), .rollback("a"),
      .commit("a"), .schemaCreation(database: "d", schema: "s"),
      .adapterMessage("m"), .adapterMessage("m", level: .info), .adapterMessage("m", level: .warn),
      .adapterMessage("m", level: .error),
      .mainReportVersion("1.11.16"), .mainReportArgs([("a", "b")]), .adapterRegistered(version: "1"), .formatting(),
      .note("n"), .mainEncounteredError("e"), .mainKeyboardInterrupt(), .artifactWritten(type: "t", path: "p"),
      .resourceReport(
        command: "run", success: true, wall: 1, user: 1, system: 1, maximumResidentKB: 1, inBlocks: 1, outBlocks: 1),
      .commandCompleted(command: "run", success: true, at: .now(), seconds: 1), .output("o"), .listOutput("o"),
      .debugOutput("o"), .debugResult("o"),
      .foundStats("1 model"), .deprecationsSummary([("X", "D001", 2)], hints: true),
      .freshnessMacroOfOld(), .noNodesForSelectionCriteria("x"), .noNodesSelected(),
      .stateIsTarget("target"), .jinjaLog("l", info: true), .jinjaLog("l", info: false), .jinjaWarning("w"),
      .concurrency(threads: 1, target: "dev", nodes: 1), .nodeStart(node), .nodeCompiling(node), .nodeExecuting(node),
      .nodeFinished(node, runResult: { .null }), .writingInjectedSQL(node.uniqueID),
      .startLine("d", index: 1, total: 1, node: node),
      .modelResult("d", status: "SELECT 1", index: 1, total: 1, seconds: 1, node: node),
      .functionResult("d", status: "error", index: 1, total: 1, seconds: 1, node: node),
      .seedResult(
        status: "success", message: "INSERT 1", schema: "s", relation: "r", index: 1, total: 1, seconds: 1, node: node),
      .seedHeader("h"),
      .snapshotResult(
        "d", status: "success", message: "m", config: [], index: 1, total: 1, seconds: 1, node: node),
      .testResult(
        "t", status: "pass", failures: 0, attachedNode: "", index: 1, total: 1, seconds: 1, node: node),
      .freshnessResult(status: "pass", source: "s", table: "t", index: 1, total: 1, seconds: 1, node: node),
      .noOp("d", index: 1, total: 1, seconds: 1, node: node),
      .skipping(resourceType: "model", schema: "s", name: "n", index: 1, total: 1, node: node),
      .skipBecauseEphemeral(schema: "s", relation: "r", status: "error", index: 1, total: 1),
      .hookStart("h", index: 1, total: 1, node: node),
      .hookEnd("h", status: "success", index: 1, total: 1, seconds: 1, node: node),
      .startBatch("d", index: 1, total: 1, node: node),
      .batchResult("d", status: "SELECT 1", index: 1, total: 1, seconds: 1, node: node), .cancel("c"),
      .markSkippedChildren("n", status: "fail", message: nil, runResult: .null),
      .microbatchDebug("b"),
      .exceptionOnRun("x", node: node),
      .finishedRunning("1 model", seconds: 1), .endOfRun(errors: 0, warnings: 0, partial: 0, interrupted: false),
      .endRunResult(.list([]), seconds: 1, success: true),
      .resultHeadline(warning: true, resourceType: "model", name: "n", path: "p", node: node),
      .resultHeadline(warning: false, resourceType: "model", name: "n", path: "p", node: node),
      .resultError("e", node: node), .resultWarning("w", node: node), .resultWithoutMessage("error", node: node),
      .compiledPath("p", place: "", node: node), .storedFailures("r", node: node),
      .stats(pass: 1, warn: 0, error: 0, skip: 0, noop: 0, total: 1), .nothingToDo(),
      .catchableException("x", node: node),
    ]
  }()

  @Test func theListOfKnownEventsIsThere() { #expect(Self.known.count > 150) }

  @Test(arguments: catalog) func nameCodeAndLevelAreDbts(_ event: Event) throws {
    let wanted = try #require(Self.known[event.name], "dbt has no event \(event.name)")
    #expect(event.code == wanted.code, "\(event.name)")
    #expect(wanted.level == "any" || event.level.word == wanted.level, "\(event.name)")
  }
}
