import Diagnostics
import Testing

@testable import Jinja

@Suite struct EnvironmentTests {
  /// dbt's models can define macros, but reach them only by dbt's own name for them.
  @Test func macrosOfRenderedTemplatesHaveThePrefix() throws {
    let environment = Environment()
    environment.macroPrefix = "own__"
    let source = SourceText(
      name: "t", text: "{% macro m(x) %}<{{ x }}>{% endmacro %}{{ own__m(1) }}{{ m is defined }}{{ own__m.name }}")
    #expect(try environment.compile(source).render() == "<1>Falseown__m")
    guard case .macro(let macro)? = try environment.parse(source).statements.first?.kind else {
      Issue.record("no macro")
      return
    }
    #expect(macro.name.string == "m")
  }
}
