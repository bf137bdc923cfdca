import Manifest
import Testing

@testable import Compiler

/// Arguments of macros as properties files describe them.
@Suite struct MacroAnnotationTests {
  @Test(arguments: ["str", "list[int]", "dict[ str, list[any] ]", "optional[relation]", "column"])
  func types(_ text: String) { #expect(MacroAnnotations.isType(text)) }

  @Test(arguments: ["string8", "list", "list[]", "dict[str]", "dict[str, int", "int]", "optional[text]", ""])
  func noTypes(_ text: String) { #expect(!MacroAnnotations.isType(text)) }

  private func problems(_ described: [Macro.Argument], _ defined: [String]) -> [String] {
    let macro = Macro(
      uniqueID: "macro.shop.cents", name: "cents", packageName: "shop", path: "macros/m.sql",
      originalFilePath: "macros/m.sql", macroSQL: "")
    return MacroAnnotations.problems(macro, described: described, defined: defined).map(\.message)
  }

  @Test func describedArgumentsAreThoseOfTheMacro() {
    #expect(problems([.init(name: "a", type: "int"), .init(name: "b")], ["a", "b"]).isEmpty)
    #expect(problems([], ["a"]).isEmpty)
    #expect(
      problems([.init(name: "x", type: "number")], ["a", "b"]) == [
        "Argument x in yaml for macro cents does not match the jinja definition.",
        "The number of arguments in the yaml for macro cents does not match the jinja definition.",
        "Argument x in the yaml for macro cents has an invalid type.",
      ])
  }
}
