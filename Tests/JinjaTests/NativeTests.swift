import Diagnostics
import Testing

@testable import Jinja

/// What `get_rendered(…, native=True)` of dbt gives: values, unless Jinja2 folded them into the text.
@Suite struct NativeTests {
  private func native(_ text: String) throws -> String {
    let environment = Environment()
    environment.addNativeFilters(native: true)
    let context = try JSON.parse(Array(#"{"yes": true, "five": 5}"#.utf8)).asDict ?? DictObject()
    let template = try environment.compileNative(SourceText(name: "case", text: text))
    return try template.renderNative(DictContext(context)).repr(nil).string
  }

  @Test(arguments: [
    ("{{ false }}", "'False'"), ("{{ 5 }}", "'5'"), ("{{ [1, 2] }}", "'[1, 2]'"), ("{{ none }}", "'None'"),
    ("{{ not false }}", "'True'"), ("{{ [1] | length }}", "'1'"), ("{{ 5 }}{{ 6 }}", "'56'"),
    ("{% if yes %}{{ 5 }}{% endif %}", "'5'"), ("{{ 5 if true else 4 }}", "'5'"),
  ])
  func constantsAreText(_ template: String, _ expected: String) throws {
    #expect(try native(template) == expected)
  }

  @Test(arguments: [
    ("{{ yes }}", "True"), ("{{ five }}", "5"), ("{{ 1 + five }}", "6"), ("{{ [five] }}", "[5]"),
    ("{{ true | as_bool }}", "True"), ("{{ '5' | as_number }}", "5"), ("{{ 5 if yes else 4 }}", "5"),
    ("{{ [1] }}{{ yes }}", "'[1]True'"), ("{% set a = 5 %}{{ a }}", "5"),
  ])
  func valuesStayValues(_ template: String, _ expected: String) throws {
    #expect(try native(template) == expected)
  }
}
