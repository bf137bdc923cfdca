import Foundation
import Jinja
import Testing

@testable import Compiler

/// Tables of CSV texts as the real dbt reads them (Tests/Golden/seeds/inference.json: names, types, values as Python
/// prints them, or the error).
struct SeedInferenceTests {
  struct Golden: Decodable, Sendable, CustomTestStringConvertible {
    var csv: String
    var forced: [String]
    var delimiter: String
    var names: [String]?
    var types: [String]?
    var sql: [String]?
    var rows: [[String?]]?
    var error: String?
    var testDescription: String { csv.debugDescription }
  }

  static let cases: [Golden] = {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Golden/seeds/inference.json")
    guard let data = try? Data(contentsOf: url) else { return [] }
    return (try? JSONDecoder().decode([Golden].self, from: data)) ?? []
  }()

  @Test func goldenDataIsThere() { #expect(Self.cases.count > 200) }

  @Test(arguments: cases) func matches(_ golden: Golden) throws {
    try SeedFiles.with(golden.csv) { path in
      let source: SeedSource
      do {
        source = try SeedSource(
          path: path, shown: "seeds/s.csv", delimiter: golden.delimiter, textColumns: Set(golden.forced))
      } catch {
        let message = "\(error)"
        if golden.error == "empty" {
          #expect(message.contains("is empty"))
        } else {
          #expect(message.contains(try #require(golden.error, "\(message)")))
        }
        return
      }
      #expect(golden.error == nil)
      let table = AgateTable(
        columnNames: source.layout.columns.map(\.name), columnTypes: source.layout.columns.map(\.type), source: source)
      #expect(table.columnNames == golden.names)
      #expect(table.columnTypes.map(\.rawValue) == golden.types)
      #expect(table.columnTypes.indices.map { SeedTypes.sqlType(table, $0) } == golden.sql?.map { $0 })
      #expect(table.rowCount == golden.rows?.count)
      let rows = try table.rows.map { try $0.map { $0.isNone ? nil : try $0.str(nil).string } }
      #expect(rows == golden.rows)
    }
  }

  @Test func aLongRowIsShownWithItsLine() throws {
    try SeedFiles.with("a,b\n\"x\ny\",2\n3,4,5\n6,7\n") { path in
      do {
        _ = try SeedSource(path: path, shown: "seeds/s.csv", delimiter: ",", textColumns: [])
        Issue.record("no error")
      } catch {
        let text = "\(error)"
        #expect(text.contains("Row 1 has 3 values, but Table only has 2 columns."))
      }
    }
  }

  @Test func rowsAreNotReadToBeCounted() throws {
    try SeedFiles.with("a\n1\n2\n3\n") { path in
      let source = try SeedSource(path: path, shown: "s.csv", delimiter: ",", textColumns: [])
      let table = AgateTable(columnNames: ["a"], columnTypes: [.number], source: source)
      #expect(unlink(path) == 0)
      #expect(table.rowCount == 3)
      #expect(table.length == 3)
      #expect(throws: (any Error).self) { try source.rows(limit: nil) }
    }
  }

  @Test func aFileChangedMeanwhileIsNotRead() throws {
    try SeedFiles.with("a\n1\n") { path in
      let source = try SeedSource(path: path, shown: "s.csv", delimiter: ",", textColumns: [])
      try "a\nxyz\n".write(toFile: path, atomically: false, encoding: .utf8)
      #expect(throws: (any Error).self) { try source.rows(limit: nil) }
    }
  }
}

enum SeedFiles {
  /// A file with a text, removed afterwards.
  static func with<R>(_ text: String, _ body: (String) throws -> R) throws -> R {
    let path = "/tmp/tenon-seed-\(UInt64.random(in: .min ... .max)).csv"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    defer { unlink(path) }
    return try body(path)
  }
}
