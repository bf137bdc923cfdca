import Diagnostics
import Testing

@testable import Postgres

@Suite struct SQLTests {
  @Test(arguments: [
    ("orders", #""orders""#), ("Order", #""Order""#), (#"a"b"#, #""a""b""#), ("a-b c", #""a-b c""#), ("顧客", #""顧客""#),
    // A quote with a combining mark is one character in Swift, two for PostgreSQL.
    ("a\"\u{301}b", "\"a\"\"\u{301}b\""),
  ])
  func identifiers(name: String, expected: String) throws {
    #expect(try Array(SQL.identifier(name).utf8) == Array(expected.utf8))
  }

  @Test func identifierLimits() throws {
    #expect(try SQL.identifier(String(repeating: "x", count: 63)).utf8.count == 65)
    #expect(throws: Diagnostic.self) { try SQL.identifier(String(repeating: "x", count: 64)) }
    // 22 characters of three bytes each.
    #expect(throws: Diagnostic.self) { try SQL.identifier(String(repeating: "顧", count: 22)) }
    #expect(throws: Diagnostic.self) { try SQL.identifier("") }
    #expect(throws: Diagnostic.self) { try SQL.identifier("a\0b") }
  }

  @Test(arguments: [
    ("it's", "'it''s'"), ("", "''"), (#"a\b"#, #"E'a\\b'"#), (#"\'"#, #"E'\\'''"#), ("line\nbreak", "'line\nbreak'"),
    ("'\u{301}", "'''\u{301}'"),
  ])
  func literals(text: String, expected: String) throws {
    #expect(try Array((SQL.literal(text) as String).utf8) == Array(expected.utf8))
  }

  @Test func literalLimits() throws {
    #expect(throws: Diagnostic.self) { try SQL.literal("a\0") as String }
    #expect(try SQL.literal(nil as String?) == "NULL")
  }

  @Test func shortening() {
    #expect(SQL.shortened("orders") == "orders")
    let long = String(repeating: "顧客", count: 20)
    let short = SQL.shortened(long)
    #expect(short.utf8.count <= 63)
    #expect(short == SQL.shortened(long))
    #expect(short != SQL.shortened(long + "x"))
    #expect(short.hasPrefix("顧客顧客"))
  }

  @Test func secretsStayHidden() {
    var parameters = ConnectionParameters(host: "a,b", port: 1, user: "u", password: "hunter2", database: "d")
    parameters.options = "-c x=y"
    var dumped = ""
    dump(parameters, to: &dumped)
    #expect(!dumped.contains("hunter2"))
    #expect(!"\(parameters) \(String(reflecting: parameters))".contains("hunter2"))
    #expect(parameters.description == "u@a,b:1/d")
    #expect(parameters.password?.reveal() == "hunter2")
  }

  @Test func connectionKeywords() {
    var parameters = ConnectionParameters(host: "h", port: 5, user: "u", password: "p", database: "d")
    parameters.searchPath = "my schema, public"
    parameters.options = "-c work_mem=8MB"
    let pairs = Dictionary(
      parameters.keywords(host: "h", port: 5, sessionAttributes: nil), uniquingKeysWith: { first, _ in first })
    #expect(pairs["options"] == #"-c search_path=my\ schema,\ public -c work_mem=8MB"#)
    #expect(pairs["connect_timeout"] == "10")
    #expect(pairs["keepalives_idle"] == nil)
    #expect(pairs["client_encoding"] == "UTF8")
  }
}
