import Testing

@testable import Events

/// Level and text by status, where they differ from a plain success.
@Suite struct ResultEventTests {
  private func model(_ status: String) -> Event {
    .modelResult("sql table model p.a", status: status, index: 1, total: 2, seconds: 0.5, node: EventsTests.node())
  }

  @Test func failuresAreErrorsAndPartialSuccessIsNone() {
    #expect(model("SELECT 3").level == .info)
    #expect(model("error").level == .error)
    #expect(ANSI.strip(model("error").message).hasSuffix("[ERROR in 0.50s]"))
    let partial = model("PARTIAL SUCCESS (3/4)")
    #expect(partial.level == .info)
    #expect(partial.message.hasPrefix("1 of 2 PARTIALLY created sql table model p.a"))
    #expect(ANSI.strip(partial.message).hasSuffix("[PARTIAL SUCCESS (3/4) in 0.50s]"))
  }

  @Test(arguments: [
    ("pass", Event.Level.info, "PASS"), ("warn", .warn, "WARN 4"), ("fail", .error, "FAIL 4"),
    ("error", .error, "ERROR"),
  ]) func testsTellTheirStatus(_ status: String, _ level: Event.Level, _ word: String) {
    let event = Event.testResult(
      "unique_a", status: status, failures: 4, attachedNode: "model.p.a", index: 1, total: 1, seconds: 1,
      node: EventsTests.node())
    #expect(event.level == level)
    #expect(ANSI.strip(event.message).hasPrefix("1 of 1 \(word) unique_a "))
    #expect(ANSI.strip(event.message).hasSuffix("[\(word) in 1.00s]"))
  }

  @Test(arguments: [
    ("pass", Event.Level.info, "PASS"), ("warn", .warn, "WARN"), ("error", .error, "ERROR STALE"),
    ("runtime error", .error, "ERROR"),
  ]) func freshnessTellsItsStatus(_ status: String, _ level: Event.Level, _ word: String) {
    let event = Event.freshnessResult(
      status: status, source: "raw", table: "t", index: 1, total: 1, seconds: 1, node: EventsTests.node())
    #expect(event.level == level)
    #expect(ANSI.strip(event.message).hasPrefix("1 of 1 \(word) freshness of raw.t "))
  }

  @Test func theSummaryCountsWhatWentWrong() {
    func text(_ errors: Int, _ warnings: Int, _ partial: Int) -> String {
      ANSI.strip(Event.endOfRun(errors: errors, warnings: warnings, partial: partial, interrupted: false).message)
    }
    #expect(text(0, 0, 0) == "Completed successfully")
    #expect(text(0, 2, 0) == "Completed with 2 warnings:")
    #expect(text(0, 1, 1) == "Completed with 1 partial success and 1 warning")
    #expect(text(1, 0, 2) == "Completed with 1 error, 2 partial successes, and 0 warnings:")
  }

  @Test func childrenAreLeftOutForAReason() {
    func text(_ message: String?) -> String {
      Event.markSkippedChildren("model.p.a", status: "error", message: message, runResult: .null).message
    }
    #expect(
      text("broken") == "Marking all children of 'model.p.a' to be skipped because of status 'error'.  Reason: broken.")
    #expect(text(nil) == "Marking all children of 'model.p.a' to be skipped because of status 'error'. ")
  }

  @Test func skippedTestsHaveNoSchema() {
    func text(_ type: String) -> String {
      Event.skipping(resourceType: type, schema: "s", name: "n", index: 3, total: 4, node: EventsTests.node()).message
    }
    #expect(text("model").hasPrefix("3 of 4 SKIP relation s.n ."))
    #expect(text("test").hasPrefix("3 of 4 SKIP test n ."))
  }
}
