import Diagnostics
import Testing
import YAML

@testable import Project

@Suite struct ConfigTests {
  private func load(_ yaml: String, folder: Folder? = nil) throws -> ProjectConfig {
    let folder = try folder ?? Folder()
    try folder.write("dbt_project.yml", yaml)
    let reader = ProjectConfigReader(root: folder.path)
    return try reader.read(try reader.load(), renderer: TableRenderer(names: ["one": .int(1), "yes": .bool(true)]))
  }

  private func problems(_ yaml: String) -> [String] {
    do {
      _ = try load(yaml)
      return []
    } catch {
      return codes(error)
    }
  }

  @Test func defaultsAreThoseOfDbt() throws {
    let config = try load("name: shop\n")
    #expect(config.paths.models == ["models"])
    #expect(config.paths.tests == ["tests"])
    #expect(config.paths.genericTests == ["tests/generic"])
    #expect(config.paths.docs == ["models", "seeds", "snapshots", "analyses", "macros", "tests", "functions"])
    #expect(config.targetPath == "target")
    #expect(config.cleanTargets == ["target"])
    #expect(config.packagesInstallPath == "dbt_packages")
    #expect(config.queryComment == QueryComment(.standard))
    #expect(config.configVersion == 2)
    #expect(!config.restrictAccess)
  }

  @Test func everyKeyIsTyped() throws {
    let config = try load(
      """
      name: shop
      version: '1.2'
      profile: p
      model-paths: [models/, m2]
      test-paths: ["data_tests"]
      target-path: out
      clean-targets: [out, dbt_packages]
      quoting: {schema: true, identifier: false}
      on-run-start: "{{ not_rendered }}"
      on-run-end: [a, b]
      require-dbt-version: [">=1.0.0", "<2.0.0"]
      dispatch:
        - macro_namespace: dbt_utils
          search_order: [shop, dbt_utils]
      query-comment: {comment: "{{ later }}", append: true}
      restrict-access: true
      vars: {a: "{{ later }}", shop: {b: 2}, other: {a: 3}}
      models:
        +enabled: "{{ yes }}"
        shop:
          staging: {+materialized: view, +pre-hook: "{{ later }}", +post-hook: ["{{ later }}"]}
      tests: {+severity: warn}
      """)
    #expect(config.version == "1.2")
    #expect(config.paths.allSources.prefix(2) == ["models", "m2"])
    #expect(config.paths.fixtures == ["data_tests/fixtures"])
    #expect(config.quoting == Quoting(schema: true, identifier: false))
    #expect(config.onRunStart.map(\.text) == ["{{ not_rendered }}"])
    #expect(config.onRunEnd.map(\.text) == ["a", "b"])
    #expect(config.requireDbtVersion.map(\.description) == [">=1.0.0", "<2.0.0"])
    #expect(config.dispatchOrder("dbt_utils") == ["shop", "dbt_utils"])
    #expect(config.queryComment == QueryComment(.text("{{ later }}"), append: true))
    #expect(config.restrictAccess)
    #expect(config.variables(for: "shop")["b"]?.int == 2)
    #expect(config.variables(for: "other")["a"]?.int == 3)
    #expect(config.variables(for: "third")["a"]?.string == "{{ later }}")
    let models = try #require(config.resources[.models])
    #expect(models.rendered["+enabled"]?.bool == true)
    #expect(models.unrendered["+enabled"]?.string == "{{ yes }}")
    #expect(models.rendered["shop"]?["staging"]?["+pre-hook"]?.string == "{{ later }}")
    #expect(config.resources[.dataTests]?.rendered["+severity"]?.string == "warn")
  }

  @Test func textLosesOneNewlineAsInDbt() throws {
    let config = try load("name: shop\nmodels:\n  +meta:\n    a: |\n      text\n\n    d: 2024-01-02\n  +x: y\n")
    #expect(config.resources[.models]?.rendered["+meta"]?["a"]?.string == "text")
    #expect(config.resources[.models]?.rendered["+meta"]?["d"]?.string == "2024-01-02")
  }

  @Test(arguments: [
    ("version: 1\n", ["missing-key"]),
    ("name: shop-1\n", ["bad-project-name"]),
    ("name: 1shop\n", ["bad-project-name"]),
    ("name: model\n", ["bad-project-name"]),
    ("name: shop\nmodl-paths: [m]\n", ["unknown-key"]),
    ("name: shop\nmodel-paths: models\n", ["wrong-type"]),
    ("name: shop\nversion: abc\n", ["bad-version"]),
    ("name: shop\nrequire-dbt-version: '>=1.20.0'\n", ["version-mismatch"]),
    ("name: shop\nrequire-dbt-version: ['>=1.2.0', '<1.0.0']\n", ["version-mismatch"]),
    ("name: shop\nrequire-dbt-version: '>= 1.0.0'\n", ["bad-version"]),
    ("name: shop\nrequire-dbt-version: '>=1.11.0,<1.12.0'\n", []),
    ("name: shop\ndispatch: [{macro_namespace: a}]\n", ["bad-dispatch"]),
    ("name: shop\nmodel-paths: [a]\nsource-paths: [b]\n", ["two-names"]),
    ("name: shop\nquoting: {schema: 'yes'}\nprofile: 3\n", ["wrong-type", "wrong-type"]),
    ("name: shop\nmodels: [a]\n", ["wrong-type"]),
    ("name: shop\nprofile: '{{ nothing }}'\n", ["undefined"]),
    ("- a\n", ["not-a-mapping"]),
    ("", ["not-a-mapping"]),
    ("name: [\n", ["yaml-syntax"]),
  ])
  func mistakesAreDiagnosed(yaml: String, expected: [String]) {
    let found = problems(yaml)
    if expected == ["yaml-syntax"] {
      #expect(found.count == 1 && found[0].hasPrefix("yaml-"), "\(yaml)")
    } else {
      #expect(found == expected, "\(yaml)")
    }
  }

  @Test func aMisspeltKeyIsRecognised() throws {
    let folder = try Folder()
    let error = #expect(throws: Diagnostics.self) {
      try load("name: shop\nmodl-paths: [m]\n", folder: folder)
    }
    #expect(error?.all.first?.hint == "did you mean `model-paths`?")
    #expect(error?.all.first?.range?.start.line == 2)
  }

  @Test func repeatedKeysAreWarnedAbout() throws {
    let config = try load("name: shop\nmodels:\n  +a: 1\n  +a: 2\n")
    #expect(config.warnings.map(\.code) == ["duplicate-key"])
    #expect(config.resources[.models]?.rendered["+a"]?.int == 2)
  }

  @Test func commandLineVarsAreAMapping() throws {
    #expect(try CommandLineVars.parse("{a: 1, b: [x]}")["a"] == .int(1))
    #expect(try CommandLineVars.parse("a: 1")["a"] == .int(1))
    #expect(try CommandLineVars.parse("{}") == .mapping([]))
    for text in ["a:1", "[1]", "", "{a: 1"] { #expect(throws: Diagnostic.self) { try CommandLineVars.parse(text) } }
  }
}
