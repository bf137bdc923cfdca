import Jinja
import TestServer
import Testing

@testable import Compiler

/// Results as templates see them: Python's objects, with the types agate gives their columns.
struct QueryTableTests {
  @Test func valuesAreThoseOfPython() throws {
    let connection = try TestServer.shared().connect()
    defer { connection.close() }
    try connection.execute("set time zone 'UTC'")
    let table = QueryTable.make(
      try connection.execute(
        """
        select 1.50::numeric as n, 2::int as i, 0.1::float8 as f, '2024-02-29'::date as d,
          '2024-02-29 10:11:12.5'::timestamp as t, '2024-02-29 10:11:12+00'::timestamptz as z, '04:05'::time as c,
          '1 day 02:00'::interval as v, true as b, '007' as s, array[1, 2] as a
        """), limit: nil)
    #expect(
      table.columnTypes == [
        .number, .integer, .number, .date, .dateTime, .dateTime, .text, .text, .boolean, .text, .text,
      ])
    let row = try #require(table.rows.first)
    #expect(
      try row.map { try $0.str(nil).string } == [
        "1.50", "2", "0.1", "2024-02-29", "2024-02-29 10:11:12.500000", "2024-02-29 10:11:12+00:00", "04:05:00",
        "1 day, 2:00:00", "True", "007", "[1, 2]",
      ])
    #expect(row[0].asObject(DecimalObject.self) != nil)
    #expect(row[2].asObject(DecimalObject.self) != nil)
    #expect(row[4].asObject(DateTimeObject.self) != nil)
  }
}
