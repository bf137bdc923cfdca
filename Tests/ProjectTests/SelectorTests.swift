import Diagnostics
import Testing
import YAML

@testable import Project

@Suite struct SelectorTests {
  @Test func termsAreReadAsDbtDoes() throws {
    for (text, expected) in try goldenLines("terms.txt") {
      #expect(shown(text) == expected, "\(text)")
    }
  }

  private func shown(_ text: String) -> String {
    guard let term = try? SelectionCriterion(text) else { return "error" }
    guard case .string(let value) = term.value else { return "?" }
    func depth(_ depth: Int?) -> String { depth.map(String.init) ?? "None" }
    return [
      term.method.rawValue, term.methodArguments.isEmpty ? "-" : term.methodArguments.joined(separator: "."),
      value.isEmpty ? "-" : value, term.childrensParents ? "1" : "0", term.parents ? "1" : "0",
      depth(term.parentsDepth), term.children ? "1" : "0", depth(term.childrenDepth),
    ].joined(separator: " ")
  }

  private func read(_ text: String) throws -> [Selector] {
    let root = try #require(try YAML.parse(SourceText(name: "selectors.yml", text: text)))
    return try SelectorsReader.read(root)
  }

  private func shown(_ definition: SelectorDefinition) -> String {
    switch definition {
    case .criterion(let term):
      let value: String = if case .string(let text) = term.value { text } else { "\(term.value)" }
      return (term.parents ? "+" : "") + term.method.rawValue + ":" + value + (term.children ? "+" : "")
        + (term.indirectSelection.map { "(\($0))" } ?? "")
    case .union(let parts): return "(" + parts.map(shown).joined(separator: " | ") + ")"
    case .intersection(let parts): return "(" + parts.map(shown).joined(separator: " & ") + ")"
    case .difference(let base, let excluded): return "(\(shown(base)) - \(shown(excluded)))"
    }
  }

  @Test func definitionsNest() throws {
    let selectors = try read(
      """
      selectors:
        - name: text
          definition: "+tag:nightly"
          default: true
        - name: short
          definition: {tag: hourly}
        - name: long
          description: more
          definition:
            method: fqn
            value: "*"
            children: true
            parents_depth: 1
            indirect_selection: cautious
            exclude: [{method: tag, value: a}, "tag:b"]
        - name: sets
          definition:
            union:
              - intersection: [{method: tag, value: x}, "path:models"]
              - {method: selector, value: short}
              - exclude: [config.materialized:view]
      """)
    #expect(
      selectors.map { shown($0.definition) } == [
        "+tag:nightly", "tag:hourly", "(fqn:*+(cautious) - (tag:a | tag:b))",
        "(((tag:x & path:models) | tag:hourly) - config:view)",
      ])
    #expect(selectors.map(\.isDefault) == [true, false, false, false])
    #expect(
      YAML.write(selectors[3].normalized) == """
        name: sets
        definition:
          union:
          - intersection:
            - method: tag
              value: x
            - method: path
              value: models
          - method: tag
            value: hourly
          - exclude:
            - method: config.materialized
              value: view

        """)
    #expect(
      YAML.write(selectors[0].normalized)
        == "name: text\ndefinition:\n  parents: true\n  method: tag\n  value: nightly\ndefault: true\n")
  }

  @Test(arguments: [
    "selectors: [{name: a}]", "selectors: [{definition: x}]", "selectors: [{name: a, definition: [x]}]",
    "selectors: [{name: a, definition: {union: x}}]", "selectors: [{name: a, definition: {union: [x], method: tag}}]",
    "selectors: [{name: a, definition: {tagg: x}}]", "selectors: [{name: a, definition: {method: selector, value: b}}]",
    "selectors: [{name: a, definition: {method: tag}}]", "selectors: [{name: a, definition: '@x+'}]",
    "selectors: [{name: a, definition: {method: tag, value: x, indirect_selection: lazy}}]", "selector: []",
    "selectors: [{name: a, definition: {union: [{exclude: [x]}, {exclude: [y]}]}}]",
  ])
  func mistakesAreDiagnosed(text: String) {
    #expect(codes(#expect(throws: Diagnostic.self) { try read(text) }) == ["bad-selector"])
  }

  @Test func onlyOneIsTheDefault() {
    let text = "selectors: [{name: a, definition: x, default: true}, {name: b, definition: y, default: true}]"
    #expect(codes(#expect(throws: Diagnostic.self) { try read(text) }) == ["two-defaults"])
  }
}
