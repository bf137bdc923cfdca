import Testing

@testable import Diagnostics

@Suite struct DiagnosticRendererTests {
  @Test func snippetPointsAtTheRange() {
    let source = SourceText(name: "models/a.sql", text: "select\n  {{ ref('stg') }}\nfrom x\n")
    let diagnostic = Diagnostic(
      "unknown-ref", .compilation, "There is no model named 'stg'.",
      range: SourceRange(source: source, offsets: 12..<22), hint: "Did you mean 'stg_orders'?")
    let expected = """
      Compilation Error [unknown-ref]
        There is no model named 'stg'.
         --> models/a.sql:2:6
        1 | select
        2 |   {{ ref('stg') }}
          |      ^^^^^^^^^^
        3 | from x
        hint: Did you mean 'stg_orders'?
      """
    #expect(DiagnosticRenderer().render(diagnostic) == expected)
  }

  @Test func caretsAlignUnderWideCharacters() {
    let source = SourceText(name: "a", text: "東京 x")
    let lines = DiagnosticRenderer().snippet(SourceRange(source: source, offsets: 7..<8))
    #expect(lines.last == "    |      ^")
  }

  @Test func controlCharactersCannotSteerTheTerminal() {
    let source = SourceText(name: "a", text: "\u{1B}[2Jx")
    let lines = DiagnosticRenderer().snippet(SourceRange(source: source, offsets: 4..<5))
    #expect(!lines.joined().contains("\u{1B}"))
  }

  @Test func positionsCountScalarsAndKnowEveryLineEnding() {
    let source = SourceText(name: "a", text: "é\r\nab\rc")
    #expect(source.position(at: 2).column == 2)
    #expect(source.position(at: 5) == SourcePosition(offset: 5, line: 2, column: 2))
    #expect(source.position(at: 7).line == 3)
    #expect(source.line(2) == "ab")
  }

  @Test func nearestNameIsNearEnough() {
    #expect(NearestName.of("stg_ordres", among: ["stg_orders", "stg_items"]) == "stg_orders")
    #expect(NearestName.of("zzz", among: ["stg_orders"]) == nil)
  }
}
