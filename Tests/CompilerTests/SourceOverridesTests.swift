import Diagnostics
import Manifest
import Testing
import YAML

@testable import Compiler

/// Sources of packages that the project declares anew.
@Suite struct SourceOverridesTests {
  private func entry(_ package: String, _ values: ConfigDict) throws -> PropertyEntry {
    let source = SourceText(name: "\(package).yml", text: "name: raw\n")
    let file = ParseFile(
      kind: .properties, path: source.name, originalPath: source.name, source: source, checksum: .none)
    return PropertyEntry(
      key: "sources", package: package, file: file, node: try #require(try YAML.parse(source)), values: values)
  }

  private func base() throws -> PropertyEntry {
    try entry(
      "dep",
      [
        "name": "raw", "schema": "old", "loader": "pump", "freshness": ["warn_after": ["count": 1, "period": "day"]],
        "tables": [["name": "a", "identifier": "x"], ["name": "b"]],
      ])
  }

  @Test func whatIsSaidReplacesWhatThePackageSays() throws {
    var entries = [
      try base(),
      try entry(
        "shop",
        ["name": "raw", "overrides": "dep", "schema": "new", "tables": [["name": "a", "description": "Mine."]]]),
    ]
    let overrides = SourceOverrides(takingFrom: &entries)
    #expect(overrides.unused == nil)
    #expect(entries.count == 1)
    let values = try #require(entries.first).values
    #expect(values["schema"] == "new")
    #expect(values["loader"] == "pump")
    #expect(values["overrides"] == nil)
    // As in dbt, freshness is taken away when it is not said again.
    #expect(values["freshness"] == ["warn_after": [:], "error_after": [:]])
    #expect(values["tables"] == [["name": "a", "identifier": "x", "description": "Mine."], ["name": "b"]])
    #expect(entries.first?.patchPath == "shop.yml")
  }

  @Test func nothingToOverrideIsToldOf() throws {
    var entries = [
      try base(),
      try entry("shop", ["name": "raw", "overrides": "dep", "tables": [["name": "a"], ["name": "nowhere"]]]),
      try entry("shop", ["name": "nobody", "overrides": "dep"]),
    ]
    let unused = try #require(SourceOverrides(takingFrom: &entries).unused).message
    #expect(unused.contains("Source table dep.raw.nowhere (in shop.yml)"))
    #expect(unused.contains("Source dep.nobody (in shop.yml)"))
    #expect(!unused.contains("dep.raw.a"))
  }

  @Test func oneOverrideIsEnough() throws {
    let override = try entry("shop", ["name": "raw", "overrides": "dep"])
    var entries = [try base(), override, override]
    #expect(SourceOverrides(takingFrom: &entries).problems.map(\.code) == ["source-overridden-twice"])
  }
}
