import Diagnostics
import Jinja
import Testing

/// What asks for too much fails with an error of kind `limit` instead of taking the machine's memory or time.
@Suite struct LimitTests {
  @Test(arguments: [
    "{{ 'x' * 10 ** 12 }}",
    "{{ [1] * 10 ** 12 }}",
    "{{ lipsum(n=10 ** 9) }}",
    "{{ 'a' | indent(10 ** 12) }}",
    "{{ ('a\\n' * 1000) | indent(10 ** 6) }}",
    "{{ [1] | batch(10 ** 9, 0) | list }}",
    "{{ [1] | slice(10 ** 12) | list | length }}",
    "{% set ns = namespace(s='ab') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
    "{% set ns = namespace(s='ab') %}{% for i in range(60) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
    "{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = ns.l + ns.l %}{% endfor %}",
  ])
  func memory(template: String) throws {
    try expectLimit(template, Environment())
  }

  @Test func outputSize() throws {
    let environment = Environment()
    environment.limits.outputBytes = 10_000
    let loop = "{% for i in range(10_000) %}0123456789{% endfor %}"
    for template in [loop, "{% macro m() %}\(loop){% endmacro %}{{ m() }}", "{% set x %}\(loop){% endset %}"] {
      let error = try expectLimit(template, environment)
      #expect(error?.message == "the output is larger than 10000 bytes")
      #expect(error?.line == 1)
    }
  }

  /// Memory kept from an earlier rendering counts as little as fresh memory.
  @Test func outputSizeAfterALargeRendering() throws {
    let environment = Environment()
    let loop = "{% for i in range(10_000) %}0123456789{% endfor %}"
    let template = try environment.compile(SourceText(name: "t", utf8: Array(loop.utf8)))
    #expect(try template.render().utf8.count == 100_000)
    environment.limits.outputBytes = 10_000
    try expectLimit(loop, environment)
  }

  @Test func depth() throws {
    let environment = Environment()
    environment.limits.depth = 50
    environment.loader = { SourceText(name: $0, text: "{% include 'a' %}") }
    for template in [
      "{% macro m(n) %}{{ m(n + 1) }}{% endmacro %}{{ m(0) }}", "{% include 'a' %}",
      "{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}", "{% block b %}{{ self.b() }}{% endblock %}",
    ] {
      try expectLimit(template, environment, .recursion)
    }
    let fine = "{% macro m(n) %}{{ m(n - 1) if n else 'end' }}{% endmacro %}{{ m(40) }}"
    #expect(try environment.compile(SourceText(name: "t", text: fine)).render() == "end")
  }

  @Test func ranges() throws {
    let environment = Environment()
    try expectLimit("{{ range(100_001) }}", environment, .overflow)
    try expectLimit("{{ range(0, 10 ** 12) | list }}", environment, .overflow)
    let template = try environment.compile(SourceText(name: "t", text: "{{ range(100_000) | length }}"))
    #expect(try template.render() == "100000")
  }

  @Test func time() throws {
    let environment = Environment()
    environment.limits.iterations = 10_000
    let loop = "{% for i in range(10) %}"
    try expectLimit(String(repeating: loop, count: 30) + String(repeating: "{% endfor %}", count: 30), environment)
    try expectLimit("{% set l = [1] %}{% for i in l %}{% do l.append(i) %}{% endfor %}", environment)
  }

  /// Each sign used to be compiled twice for every one around it.
  @Test func manySigns() throws {
    let signs = String(repeating: "-", count: 200)
    let template = try Environment().compile(SourceText(name: "t", utf8: Array("{{ \(signs)1 }}".utf8)))
    #expect(try template.render() == "1")
  }

  @discardableResult private func expectLimit(
    _ template: String, _ environment: Environment, _ kind: TemplateError.Kind = .limit
  ) throws -> TemplateError? {
    let compiled = try environment.compile(SourceText(name: "t", utf8: Array(template.utf8)))
    do {
      let text = try compiled.render()
      Issue.record("rendered \(text.utf8.count) bytes")
      return nil
    } catch let error as TemplateError {
      #expect(error.kind == kind, "\(error.message)")
      return error
    }
  }
}
