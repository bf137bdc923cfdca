import Compiler
import Jinja
import Testing

@testable import Artifacts

@Suite struct CatalogTests {
  static let columns = [
    "table_database", "table_schema", "table_name", "table_type", "table_comment", "column_name", "column_index",
    "column_type", "column_comment", "table_owner",
  ]

  static func row(_ schema: String, _ table: String, _ column: String, _ index: Int, comment: String? = nil) -> [Value]
  {
    [
      .string("db"), .string(Str.make(schema)), .string(Str.make(table)), .string("BASE TABLE"), .none,
      .string(Str.make(column)), .int(index), .string("integer"), comment.map { .string(Str.make($0)) } ?? .none,
      .string("owner"),
    ]
  }

  static func table(extra: [String] = [], values: [Value] = []) -> AgateTable {
    let rows = [
      row("public", "orders", "id", 1, comment: "Key"), row("public", "customers", "id", 1),
      row("public", "orders", "amount", 2), row("raw", "visits", "page", 1), row("public", "nobodys", "x", 1),
    ]
    let names = columns + extra
    return AgateTable(
      columnNames: names, columnTypes: names.map { _ in .text }, rows: rows.map { $0 + values })
  }

  @Test func relationsStandForNodesAndSourcesWhateverTheirCase() throws {
    let catalog = Catalog(Self.table(), manifest: ArtifactCases.manifest(), selected: nil)
    try ArtifactCases.expect(catalog.bytes(ArtifactCases.metadata), is: "catalog.json")
  }

  @Test func selectionLeavesOutTheRest() throws {
    let catalog = Catalog(Self.table(), manifest: ArtifactCases.manifest(), selected: ["source.shop.crm.visits"])
    let root = try ArtifactCases.parsed(String(decoding: catalog.bytes(ArtifactCases.metadata), as: UTF8.self)).asDict
    #expect(root?["nodes"]?.asDict?.isEmpty == true)
    #expect(root?["sources"]?.asDict?.map(\.key) == ["source.shop.crm.visits"])
  }

  @Test func statisticsOfAProjectsOwnCatalogQueryAreShown() throws {
    let table = Self.table(
      extra: [
        "stats:rows:label", "stats:rows:value", "stats:rows:description", "stats:rows:include", "stats:size:label",
        "stats:size:value", "stats:size:description", "stats:size:include",
      ],
      values: [
        .string("Rows"), .int(7), .string("How many"), .bool(true), .string("Size"), .int(1), .string("Bytes"),
        .bool(false),
      ])
    let catalog = Catalog(table, manifest: ArtifactCases.manifest(), selected: nil)
    let root = try ArtifactCases.parsed(String(decoding: catalog.bytes(ArtifactCases.metadata), as: UTF8.self)).asDict
    let stats = try #require(root?["nodes"]?.asDict?["model.shop.orders"]?.asDict?["stats"]?.asDict)
    #expect(stats.map(\.key) == ["rows", "has_stats"])
    #expect(stats["rows"]?.asDict?["value"] == .int(7))
    #expect(stats["has_stats"]?.asDict?["value"] == .bool(true))
  }

  @Test func anEmptyOneIsComplete() throws {
    let root = try ArtifactCases.parsed(String(decoding: Catalog().bytes(ArtifactCases.metadata), as: UTF8.self)).asDict
    #expect(root?.map(\.key) == ["metadata", "nodes", "sources", "errors"])
  }
}
