import Diagnostics
import Manifest
import Testing

@testable import Compiler

/// What the manifest says macros call.
@Suite struct MacroDependencyTests {
  private func library(_ own: String) throws -> (MacroLibrary, [Macro]) {
    let library = MacroLibrary(environment: CompiledProject.makeEnvironment(), rootName: "shop")
    var macros: [Macro] = []
    for package in ProjectEngine.builtinPackages() {
      macros += try library.add(
        package: package.name, isInternal: true, files: package.files.filter { $0.kind == .macro })
    }
    let file = ParseFile(
      kind: .macro, path: "macros/own.sql", originalPath: "macros/own.sql",
      source: SourceText(name: "macros/own.sql", text: own), checksum: .none)
    macros += try library.add(package: "shop", isInternal: false, files: [file])
    library.resolveDependencies(macros)
    return (library, macros)
  }

  @Test func helpersOfTheLibraryAreReplacedByWhatTheyCall() throws {
    let (_, macros) = try library(
      "{% macro tenon_own() %}{% endmacro %}{% macro two() %}{{ tenon_own() }}{% endmacro %}")
    let hidden = Set(macros.filter(MacroLibrary.isPrivate).map(\.uniqueID))
    #expect(hidden.contains("macro.dbt.tenon_relation_ddl"))
    let shown = macros.filter { !hidden.contains($0.uniqueID) }
    #expect(shown.allSatisfy { hidden.isDisjoint(with: $0.dependsOnMacros) })
    func calls(_ id: String) -> [String]? { shown.first { $0.uniqueID == id }?.dependsOnMacros.sorted() }
    #expect(calls("macro.dbt.default__drop_relation") == ["macro.dbt.get_drop_sql", "macro.dbt.statement"])
    // A project's macro is never hidden, whatever its name.
    #expect(calls("macro.shop.two") == ["macro.shop.tenon_own"])
  }

  @Test func dispatchWithoutANamespaceMentionsAnyPackages() throws {
    let (library, macros) = try library(
      "{% macro default__collect_freshness() %}{% endmacro %}{% macro ask() %}{{ adapter.dispatch('collect_freshness')() }}{% endmacro %}"
    )
    let ask = try #require(macros.first { $0.uniqueID == "macro.shop.ask" })
    #expect(ask.dependsOnMacros == ["macro.dbt.collect_freshness", "macro.shop.default__collect_freshness"])
    #expect(library.reachable(from: [ask.uniqueID]).contains("macro.shop.default__collect_freshness"))
  }

  @Test func theLibrarysOverviewIsThere() {
    let docs = ProjectEngine.builtinPackages().flatMap(\.files).filter { $0.kind == .docs }
    #expect(docs.map(\.originalPath) == ["docs/overview.md"])
    #expect(docs.map(\.path) == ["overview.md"])
  }
}
