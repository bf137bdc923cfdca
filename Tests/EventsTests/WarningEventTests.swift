import Diagnostics
import Testing

@testable import Events

/// How warnings look, and what programs learn of them.
@Suite struct WarningEventTests {
  @Test func linesAreBrokenAsPythonDoes() {
    // textwrap.fill("aaa bb  cccc", 8) keeps the two spaces only inside of a line.
    #expect(OutputLine.wrap("aaa bb  cccc", width: 8) == "aaa bb\ncccc")
    #expect(OutputLine.wrap("aaa  bb cccc", width: 8) == "aaa  bb\ncccc")
    // An empty line parts paragraphs and becomes a plain newline.
    #expect(OutputLine.wrap("one\n\ntwo three", width: 6) == "one\ntwo\nthree")
    #expect(OutputLine.wrap("incomprehensible a", width: 6) == "incomprehensible\na")
    // Colours take no room.
    #expect(OutputLine.wrap("\(ANSI.red("abc")) de", width: 6) == "\(ANSI.red("abc")) de")
  }

  @Test func aWarningHasTheNameAndTheFieldsOfDbts() {
    var found = Diagnostic("duplicate-key", .parsing, "Duplicate key 'a'", severity: .warning)
    found.facts = [("file", "models/a.yml")]
    let event = Event.warning(found)
    #expect(event.name == "DuplicateYAMLKeysDeprecation")
    #expect(event.code == "D024")
    #expect(event.isDeprecation)
    #expect(
      ANSI.strip(event.message)
        == "[WARNING][DuplicateYAMLKeysDeprecation]: Deprecated functionality\nDuplicate key 'a'")
    #expect(event.data.map(\.0) == ["file"])
    let other = Event.warning(Diagnostic("freshness-config", .parsing, "No time.", severity: .warning))
    #expect(other.message == "No time.")
    #expect(!other.isDeprecation)
  }

  @Test func theSummaryCounts() {
    let event = Event.deprecationsSummary([("A", "D001", 1), ("B", "D002", 3)], hints: false)
    #expect(
      ANSI.strip(event.message)
        == "[WARNING][DeprecationsSummary]: Deprecated functionality\nSummary of encountered deprecations:\n"
        + "- A: 1 occurrence\n- B: 3 occurrences")
    #expect(!event.isDeprecation)
    #expect(Event.deprecationsSummary([("A", "D001", 1)], hints: true).message.contains("--show-all-deprecations"))
  }
}
