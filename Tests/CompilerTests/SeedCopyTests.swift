import Events
import Foundation
import Jinja
import Postgres
import TestServer
import Testing

@testable import Compiler

/// Seeds streamed into a real database.
struct SeedCopyTests {
  private struct Column {
    var name: String
    var type: String
  }

  /// Copies a CSV text into a new table (with the inferred types, unless others are given) and reads it back.
  private func load(
    _ csv: String, types: [String]? = nil, timeZone: String = "UTC", forced: Set<String> = []
  ) throws -> [[String?]] {
    try TestServer.shared().withDatabase { parameters in
      try SeedFiles.with(csv) { path in
        let pool = ConnectionPool(parameters)
        let adapter = Adapter(
          pool: pool, log: EventLog(invocationID: "test"), dbtVersion: "1.11.16", profileName: "p", targetName: "t",
          database: parameters.database ?? "")
        let session = DatabaseSession(adapter, name: "master")
        let source = try SeedSource(path: path, shown: "s.csv", delimiter: ",", textColumns: forced)
        let table = AgateTable(
          columnNames: source.layout.columns.map(\.name), columnTypes: source.layout.columns.map(\.type),
          source: source)
        let names = table.columnNames.map { "\"\($0)\"" }
        let types = types ?? table.columnTypes.indices.map { SeedTypes.sqlType(table, $0) ?? "" }
        _ = try session.send("set time zone '\(timeZone)'", autoBegin: true)
        _ = try session.send(
          "create table public.s (\(zip(names, types).map { "\($0) \($1)" }.joined(separator: ", ")))", autoBegin: true)
        let relation = Relation(database: parameters.database, schema: "public", identifier: "s")
        let shown = try SeedLoader.copy(
          relation: .object(RelationValue(relation)), table: .object(table), columns: names.joined(separator: ", "),
          session)
        #expect(shown.asString?.contains("\"s\"") == true)
        try session.commitIfAny()
        let result = try session.send(
          "select \(names.map { "\($0)::text" }.joined(separator: ", ")) from s", autoBegin: false)
        let rows = (0..<result.rowCount).map { row in
          names.indices.map { column -> String? in
            if case .text(let text) = result.value(row, column) { text } else { nil }
          }
        }
        session.close()
        return rows
      }
    }
  }

  @Test func valuesOfAllTypes() throws {
    let rows = try load(
      """
      n,f,d,t,i,b,s
      007,1.50,2024-1-5,2024-01-05 1:2:3,2024-01-05T10:11:12.5,TRUE,"a	b
      c\\N"
      "-1,000",$5,,null,,false,Null
      -0,1e-3,2024-02-29,2024-12-31 23:59:59,20240229T0405,true,日本
      1e2,-0.0,2024-02-29,2024-12-31 23:59:59,20240229T0405Z,true, null x

      """)
    #expect(
      rows == [
        ["7", "1.5", "2024-01-05", "2024-01-05 01:02:03", "2024-01-05 10:11:12.5", "true", "a\tb\nc\\N"],
        ["-1000", "5", nil, nil, nil, "false", nil],
        ["0", "0.001", "2024-02-29", "2024-12-31 23:59:59", "2024-02-29 04:05:00", "true", "日本"],
        ["100", "0", "2024-02-29", "2024-12-31 23:59:59", "2024-02-29 04:05:00", "true", " null x"],
      ])
  }

  @Test func shortAndEmptyRowsAreNulls() throws {
    #expect(try load("a,b\n1\n\n2,x\n") == [["1", nil], [nil, nil], ["2", "x"]])
  }

  @Test func anOlderTableWithOtherTypes() throws {
    // As numeric literals are assigned to integers: half away from zero.
    #expect(try load("a\n1.5\n-2.5\n0.4\n-0.4\n9.5\n", types: ["integer"]) == [["2"], ["-3"], ["0"], ["0"], ["10"]])
    #expect(try load("a\n007\n1.50\n", types: ["text"]) == [["7"], ["1.50"]])
    #expect(try load("a\n007\n1.50\n", types: ["text"], forced: ["a"]) == [["007"], ["1.50"]])
  }

  @Test func timesWithZones() throws {
    let csv = "t\n2024-07-01T10:00:00Z\n2024-01-01T10:00:00+09:00\n2024-01-01T10:00:00\n"
    #expect(try load(csv) == [["2024-07-01 10:00:00"], ["2024-01-01 01:00:00"], ["2024-01-01 10:00:00"]])
    #expect(
      try load(csv, timeZone: "Europe/Paris") == [
        ["2024-07-01 12:00:00"], ["2024-01-01 02:00:00"], ["2024-01-01 10:00:00"],
      ])
    #expect(try load(csv, types: ["timestamptz"]).first == ["2024-07-01 10:00:00+00"])
  }

  @Test func manyRows() throws {
    var csv = "id,name\n"
    for i in 0..<50_000 { csv += "\(i),\"row \(i)\"\n" }
    let rows = try load(csv)
    #expect(rows.count == 50_000)
    #expect(rows.last == ["49999", "row 49999"])
  }

  @Test func whatTheDatabaseRefusesIsAnError() throws {
    #expect(throws: (any Error).self) { try load("a\nnan\n") }
    #expect(throws: (any Error).self) { try load("a\n3000000000\n") }
  }
}
