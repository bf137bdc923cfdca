import Testing

@testable import Manifest

/// States written by dbt hold other texts of the built-in macros.
@Suite struct BuiltInMacroTests {
  private func manifest(_ package: String, sql: String?) -> Manifest {
    let manifest = Manifest()
    if let sql {
      manifest.macros.add(
        Macro(
          uniqueID: "macro.\(package).m", name: "m", packageName: package, path: "m.sql", originalFilePath: "m.sql",
          macroSQL: sql))
    }
    let node = Node(
      .model, uniqueID: "model.shop.a", name: "a", packageName: "shop", path: "a.sql", originalFilePath: "models/a.sql",
      fqn: ["shop", "a"], config: NodeConfig(.model), alias: "a", database: "db", schema: "s", checksum: .none,
      rawCode: "select 1")
    node.dependsOn.macros = ["macro.\(package).m"]
    manifest.nodes.add(node)
    return manifest
  }

  private func isModified(_ new: Manifest, _ old: Manifest) throws -> Bool {
    var comparison = StateComparison(new: new, old: old)
    return try comparison.matches("modified", old.nodes["model.shop.a"], try #require(new.nodes["model.shop.a"]))
  }

  @Test(arguments: ["dbt", "dbt_postgres"]) func theirTextDoesNotCount(_ package: String) throws {
    #expect(try !isModified(manifest(package, sql: "ours"), manifest(package, sql: "theirs")))
    #expect(try !isModified(manifest(package, sql: "ours"), manifest(package, sql: nil)))
    #expect(try !isModified(manifest(package, sql: nil), manifest(package, sql: "theirs")))
  }

  @Test func thatOfAProjectDoes() throws {
    #expect(try isModified(manifest("shop", sql: "new"), manifest("shop", sql: "old")))
    #expect(try !isModified(manifest("shop", sql: "same"), manifest("shop", sql: "same")))
  }
}
