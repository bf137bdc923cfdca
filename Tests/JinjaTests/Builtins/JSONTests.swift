import Testing

@testable import Jinja

@Suite struct JSONTests {
  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  @Test func writerPutsCommasWhereTheyBelong() {
    var json = JSONWriter()
    json.beginObject()
    json.key("a")
    json.beginArray()
    json.value(1)
    json.value("x\u{7F}\n\"é😀")
    json.null()
    json.beginObject()
    json.endObject()
    json.endArray()
    json.key("b")
    json.value(1e16)
    json.endObject()
    #expect(text(json.bytes) == #"{"a": [1, "x"# + "\u{7F}" + #"\n\"\u00e9\ud83d\ude00", null, {}], "b": 1e+16}"#)
  }

  @Test func writerIndents() throws {
    var json = JSONWriter(style: .init(indent: 2, ensureASCII: false))
    try json.value(.dict(["a": .list([.int(1), .list([])]), "é": .string("ü")]))
    #expect(text(json.bytes) == "{\n  \"a\": [\n    1,\n    []\n  ],\n  \"é\": \"ü\"\n}")
  }

  @Test func streamingGoesOnWhereItWasTaken() {
    var json = JSONWriter(style: .init(compact: true))
    json.beginArray()
    json.value(1)
    let first = json.take()
    json.value(2)
    json.endArray()
    #expect(text(first + json.bytes) == "[1,2]")
  }

  @Test(arguments: [
    ("", "Expecting value: line 1 column 1 (char 0)"),
    ("[1,\n x]", "Expecting value: line 2 column 2 (char 5)"),
    ("{\"a\" 1}", "Expecting ':' delimiter: line 1 column 6 (char 5)"),
    ("[1 2]", "Expecting ',' delimiter: line 1 column 4 (char 3)"),
    ("{a:1}", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
    ("\"a", "Unterminated string starting at: line 1 column 1 (char 0)"),
    ("\"\\q\"", "Invalid \\escape: line 1 column 2 (char 1)"),
    ("\"a\nb\"", "Invalid control character at: line 1 column 3 (char 2)"),
    ("1 2", "Extra data: line 1 column 3 (char 2)"),
    ("é", "Expecting value: line 1 column 1 (char 0)"),
  ]) func errorsAreNamedAsPythonNamesThem(_ source: String, _ message: String) {
    let error = #expect(throws: TemplateError.self) { try JSON.parse(source) }
    #expect(error?.message == message)
  }

  @Test func aListInsideItselfIsAnError() {
    let list = ListObject([.int(1)])
    list.items.append(.list(list))
    let error = #expect(throws: TemplateError.self) { try JSON.dumps(.list(list)) }
    #expect(error?.message == "Circular reference detected")
  }

  @Test func deepDocumentsEndInAnError() {
    let error = #expect(throws: TemplateError.self) {
      try JSON.parse([UInt8](repeating: 0x5B, count: 100_000))
    }
    #expect(error?.kind == .recursion)
  }
}

@Suite struct SignatureTests {
  private func bind(_ signature: String, _ positional: Int, _ keywords: [String] = []) throws -> [String] {
    let parsed = Signature(signature)
    let bound = try parsed.bind(
      Arguments(
        (0..<positional).map { .int($0) }, keywords: keywords.map { (name: Str.make($0), value: .string($0)) }),
      function: "f")
    return parsed.parameters.indices.map { i in
      switch bound[i] {
      case nil: "-"
      case .int(let n)?: String(n)
      case let value?: value.asString ?? "?"
      }
    } + bound.rest.map { "*\($0.asInt ?? -1)" } + bound.keywordRest.map { "**\($0.name.string)" }
  }

  @Test func bindsAsPythonDoes() throws {
    #expect(try bind("a, b=', '", 1) == ["0", "-"])
    #expect(try bind("a, b=1, c=2", 1, ["c"]) == ["0", "-", "c"])
    #expect(try bind("a, *args, k=1, **rest", 3, ["k", "z"]) == ["0", "k", "*1", "*2", "**z"])
    #expect(Signature("a, b=', (x'").parameters[1].defaultText == "', (x'")
  }

  @Test(
    arguments: [
      ("a, b", 3, [], "f() takes 2 positional arguments but 3 were given"),
      ("a, b=1", 3, [], "f() takes from 1 to 2 positional arguments but 3 were given"),
      ("a, b, c", 0, [], "f() missing 3 required positional arguments: 'a', 'b', and 'c'"),
      ("a, b", 1, [], "f() missing 1 required positional argument: 'b'"),
      ("a", 1, ["a"], "f() got multiple values for argument 'a'"),
      ("a", 1, ["z"], "f() got an unexpected keyword argument 'z'"),
      ("*, k", 0, [], "f() missing 1 required keyword-only argument: 'k'"),
      ("a, /", 0, ["a"], "f() takes no keyword arguments"),
    ] as [(String, Int, [String], String)])
  func refusesAsPythonDoes(_ signature: String, _ positional: Int, _ keywords: [String], _ message: String) {
    let error = #expect(throws: TemplateError.self) { try bind(signature, positional, keywords) }
    #expect(error?.message == message)
  }
}

@Suite struct RegexLimitTests {
  @Test func catastrophicPatternsEndInAnError() throws {
    let program = try RegexProgram(Str.make("(a|a)*b"), [])
    let error = #expect(throws: TemplateError.self) {
      try program.find(RegexSubject(Str.make(String(repeating: "a", count: 60))), .search)
    }
    #expect(error?.kind == .limit)
  }

  @Test func longTextsDoNotExhaustTheStack() throws {
    let program = try RegexProgram(Str.make("(?:a|b)*c"), [])
    let text = String(repeating: "ab", count: 50_000) + "c"
    #expect(try program.find(RegexSubject(Str.make(text)), .match)?.end == 100_001)
  }
}
