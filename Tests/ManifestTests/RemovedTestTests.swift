import Diagnostics
import Testing

@testable import Manifest

/// `state:modified` asks which macros a test needs: one whose macro is gone has no answer, as in dbt.
@Suite struct RemovedTestTests {
  private func manifest(macro sql: String, dependsOn macros: [String]) -> Manifest {
    let manifest = Manifest()
    manifest.macros.add(
      Macro(
        uniqueID: "macro.shop.m", name: "m", packageName: "shop", path: "m.sql", originalFilePath: "m.sql",
        macroSQL: sql))
    let test = Node(
      .test, uniqueID: "test.shop.positive_a", name: "positive_a", packageName: "shop", path: "positive_a.sql",
      originalFilePath: "models/a.yml", fqn: ["shop", "positive_a"], config: NodeConfig(.test), alias: "positive_a",
      database: "db", schema: "s", checksum: .none, rawCode: "{{ test_positive(**_dbt_generic_test_kwargs) }}")
    test.testMetadata = TestMetadata(name: "positive")
    test.dependsOn.macros = macros
    manifest.nodes.add(test)
    return manifest
  }

  private func isModified(_ new: Manifest, _ old: Manifest) throws -> Bool {
    var comparison = StateComparison(new: new, old: old)
    let id = "test.shop.positive_a"
    return try comparison.matches("modified", old.nodes[id], try #require(new.nodes[id]))
  }

  @Test func isAnErrorWhenAMacroWasChanged() throws {
    let old = manifest(macro: "old", dependsOn: ["macro.shop.test_positive"])
    let problem = #expect(throws: Diagnostic.self) { _ = try isModified(manifest(macro: "new", dependsOn: []), old) }
    #expect(problem?.message.contains("'positive_a' (in models/a.yml)") == true)
  }

  @Test func isNoneWhileNothingWasChanged() throws {
    let old = manifest(macro: "same", dependsOn: ["macro.shop.test_positive"])
    #expect(try !isModified(manifest(macro: "same", dependsOn: []), old))
  }
}
