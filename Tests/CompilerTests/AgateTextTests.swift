import Jinja
import Testing

@testable import Compiler

/// Tables as agate prints them for dbt, but for two things: a line feed would break the table, and East Asian characters
/// are two cells wide.
@Suite struct AgateTextTests {
  private let table = AgateTable(
    columnNames: ["id", "a_name_longer_than_twenty_characters", "ratio", "amount", "lines", "rest", "cut"],
    columnTypes: [.number, .text, .number, .number, .text, .number, .text],
    rows: [
      [
        .int(1), .string(Str.make(String(repeating: "x", count: 25))), .float(1.23456), .int(1_234_567),
        .string("a\nb"), .none, .string("last"),
      ],
      [.int(-20), .string("short"), .float(2.5), .none, .string("日本"), .float(0.5), .string("more")],
    ])

  @Test func columnsAndTextsBeyondTheLimitsAreCut() {
    #expect(
      AgateText.table(table, maximumRows: nil, maximumColumns: 6, maximumWidth: 20) == """
        |  id | a_name_longer_tha... |  ratio |    amount | lines | rest | ... |
        | --- | -------------------- | ------ | --------- | ----- | ---- | --- |
        |   1 | xxxxxxxxxxxxxxxxx... | 1.235… | 1,234,567 | a b   |      | ... |
        | -20 | short                | 2.500… |           | 日本  |  0.5 | ... |

        """)
  }

  @Test func rowsBeyondTheLimitAreDots() {
    let text = AgateText.table(table, maximumRows: 1, maximumColumns: 1, maximumWidth: nil)
    #expect(text == "| id | ... |\n| -- | --- |\n|  1 | ... |\n| ... | ... |\n")
  }

  @Test func withoutLimitsAllIsThere() {
    let text = AgateText.table(table, maximumRows: nil, maximumColumns: nil, maximumWidth: nil)
    #expect(text.contains("a_name_longer_than_twenty_characters"))
    #expect(text.contains(String(repeating: "x", count: 25)))
    #expect(text.contains("| more |"))
  }
}
