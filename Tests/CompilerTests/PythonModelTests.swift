import Diagnostics
import Testing

@testable import Compiler

/// What is found in Python models. `make compat` compares whole ones with dbt.
@Suite struct PythonModelTests {
  /// The calls in the body of a model, one a line.
  private func calls(_ body: String) throws -> [String] {
    let text = "def model(dbt, session):\n    \(body.replacing("\n", with: "\n    "))\n    return 1\n"
    return try PythonModel(SourceText(name: "model.py", text: text)).calls.map { call in
      let positional = try call.arguments.positional.map { try $0.repr(nil).string }
      let keywords = try call.arguments.keywords.map { try "\($0.name.string)=\($0.value.repr(nil).string)" }
      return "\(call.function)(\((positional + keywords).joined(separator: ", ")))"
    }
  }

  @Test(arguments: [
    (#"dbt.ref("a")"#, ["ref('a')"]),
    (#"x = dbt.source('s', "t").filter(dbt.ref('b'))"#, ["ref('b')", "source('s', 't')"]),
    (
      #"dbt.config(n=-1, f=1.5e3, l=[1, (2,)], d={"k": None}, t=True, s="a" 'b')"#,
      ["config(n=-1, f=1500.0, l=[1, (2,)], d={'k': None}, t=True, s='ab')"]
    ),
    ("dbt.ref(\n  'over '\n  'lines'\n)", ["ref('over lines')"]),
    (#"dbt.config.get("k", 3); dbt.config.meta_get('m')"#, ["get('k', 3)", "meta_get('m')"]),
    // Not what they look like.
    (#"other.dbt.ref("a"); ref("b"); dbt.reference("c"); "dbt.ref('d')" # dbt.ref("e")"#, []),
    // dbt looks into arguments only where they are calls, lists, tuples, dicts or f-strings.
    (#"f(1 + dbt.ref("a"))"#, []),
    (#"f([dbt.ref("a")], {"k": dbt.ref("b")}, f"{dbt.ref('c')!r:>{w}}")"#, ["ref('a')", "ref('b')", "ref('c')"]),
    (#"x = 1 + dbt.ref("a") if dbt.ref("b") else -dbt.ref("c")"#, ["ref('b')", "ref('a')", "ref('c')"]),
    (#"[dbt.ref("a") for dbt.ref in dbt.ref("b") if dbt.ref("c")]"#, ["ref('a')", "ref('b')", "ref('c')"]),
    ("while a:\n  pass\nelse: dbt.ref('a')\nwith b as c, d: dbt.ref('e')", ["ref('a')", "ref('e')"]),
    (
      "try:\n  dbt.ref('a')\nexcept (E, F) as e: dbt.ref('b')\nfinally:\n  dbt.ref('c')",
      ["ref('a')", "ref('b')", "ref('c')"]
    ),
    ("lambda x=dbt.ref('a'), *y, k=dbt.ref('b'), **z: dbt.ref('c')", ["ref('b')", "ref('a')", "ref('c')"]),
  ])
  func finds(_ body: String, _ expected: [String]) throws { #expect(try calls(body) == expected) }

  @Test(arguments: [
    ("x = (1", "'(' was never closed"), ("x = 1)", "unmatched ')'"), ("x = 'a", "unterminated string literal"),
    ("x = (1]", "closing parenthesis ']' does not match opening parenthesis '('"), ("x = = 1", "invalid syntax"),
    ("if x\n  y", "expected ':'"), ("if x:\ny", "expected an indented block"), ("  x = 1", "unexpected indent"),
    ("if x:\n    y\n  z", "unindent does not match any outer indentation level"), ("x = 1 ? 2", "invalid syntax"),
    ("x = \(String(repeating: "(", count: 300))1\(String(repeating: ")", count: 300))", "too many nested parentheses"),
  ])
  func refuses(_ text: String, _ message: String) {
    let error = #expect(throws: Diagnostic.self) { try PythonModel(SourceText(name: "model.py", text: text)) }
    #expect(error?.message.hasPrefix(message) ?? false)
  }

  @Test func takesAnEmptyFile() throws {
    #expect(try PythonModel(SourceText(name: "a.py", text: "# nothing")).calls.isEmpty)
  }
}
