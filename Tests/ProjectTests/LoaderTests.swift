import Diagnostics
import Foundation
import Testing
import YAML

@testable import Project

@Suite struct LoaderTests {
  private func project(_ files: [String: String] = [:]) throws -> Folder {
    try Folder(["dbt_project.yml": "name: shop\nprofile: shop\n", "profiles.yml": profiles].merging(files) { $1 })
  }

  @Test func aProjectWithPackagesIsLoaded() throws {
    let folder = try project([
      "dbt_project.yml": "name: shop\nprofile: shop\nquoting: {schema: true}\nmodels: {+schema: '{{ target_name }}'}\n",
      "packages.yml": "packages:\n  - local: ../x\n  - package: a/b\n    version: ['>=1.0.0', '<2.0.0']\n",
      "dbt_packages/utils/dbt_project.yml": "name: utils\nrequire-dbt-version: '>=1.0.0'\n",
      "dbt_packages/audit/dbt_project.yml": "name: audit_helper\n", "dbt_packages/__temp/x": "",
      "selectors.yml": "selectors: [{name: all, definition: '*'}]\n",
    ])
    let loaded = try loader(folder).load()
    #expect(loaded.profile?.targetName == "dev")
    #expect(loaded.root.resources[.models]?.rendered["+schema"]?.string == "dev")
    #expect(loaded.packages.map(\.name) == ["audit_helper", "utils"])
    #expect(loaded.packages[0].quoting.schema == true)
    #expect(loaded.root.selectors.map(\.name) == ["all"])
    #expect(loaded.root.packages.packages.map(\.displayName) == ["../x", "a/b"])
    #expect(loaded.warnings.isEmpty)
  }

  @Test func theProjectIsFoundUpwards() throws {
    let folder = try project(["models/sub/a.sql": ""])
    let found = loader(folder) { $0.workingDirectory = folder.path + "/models/sub" }
    #expect(found.projectDirectory == folder.path)
    #expect(loader(folder) { $0.projectDirectory = "models/.." }.projectDirectory == folder.path)
  }

  @Test func missingPackagesAreAnErrorWithAHint() throws {
    let folder = try project(["packages.yml": "packages: [{local: ../x}]\n"])
    let error = #expect(throws: Diagnostics.self) { try loader(folder).load() }
    #expect(codes(error) == ["packages-not-installed"])
    #expect(error?.all.first?.hint == "run `tenon deps`")
    #expect(try loader(folder) { $0.loadsPackages = false }.load().packages.isEmpty)
  }

  @Test func twoPackagesOfOneNameAreAnError() throws {
    let folder = try project([
      "dbt_packages/a/dbt_project.yml": "name: same\n", "dbt_packages/b/dbt_project.yml": "name: same\n",
    ])
    #expect(codes(#expect(throws: Diagnostics.self) { try loader(folder).load() }) == ["duplicate-package"])
    let own = try project(["dbt_packages/a/dbt_project.yml": "name: shop\n"])
    #expect(codes(#expect(throws: Diagnostics.self) { try loader(own).load() }) == ["duplicate-package"])
  }

  @Test func profilesAreChosen() throws {
    let folder = try project(["dbt_project.yml": "name: shop\n"])
    #expect(codes(#expect(throws: Diagnostics.self) { try loader(folder).load() }) == ["no-profile"])
    #expect(try loader(folder) { $0.profile = "shop" }.load().profile?.name == "shop")
    #expect(try loader(folder) { ($0.profile, $0.target) = ("shop", "prod") }.load().profile?.targetName == "prod")
    #expect(try loader(folder) { $0.needsProfile = false }.load().profile == nil)
  }

  @Test(arguments: [
    ("packages: x\n", "wrong-type"), ("packages: [x]\n", "bad-package"), ("packages: [{pakage: a/b}]\n", "bad-package"),
    ("packages: [{package: a}]\n", "bad-package"), ("packages: [{package: a/b}]\n", "bad-package"),
    ("packages: [{git: ''}]\n", "bad-package"), ("packages: [{local: x, path: y}]\n", "unknown-key"),
    ("packages: [{tarball: x}]\n", "bad-package"), ("projects: [{name: x}]\n", "misplaced-key"),
    ("package: []\n", "unknown-key"),
  ])
  func mistakesInPackagesAreDiagnosed(text: String, code: String) throws {
    let folder = try project(["packages.yml": text])
    let error = #expect(throws: Diagnostics.self) { try loader(folder).load() }
    #expect(codes(error).first == code)
  }

  @Test func packagesCanBeInDependencies() throws {
    let folder = try project([
      "dependencies.yml": "packages: [{git: 'https://x/y.git', revision: 1.0}]\nprojects: [{name: other}]\n"
    ])
    let loaded = try loader(folder) { $0.loadsPackages = false }.load()
    #expect(loaded.root.packages.fileName == "dependencies.yml")
    #expect(loaded.root.packages.projects == ["other"])
    guard case .git(_, let revision, _, _)? = loaded.root.packages.packages.first?.source else {
      Issue.record("not a git package")
      return
    }
    #expect(revision == "1.0")
    try folder.write("packages.yml", "packages: []\n")
    #expect(codes(#expect(throws: Diagnostics.self) { try loader(folder).load() }) == ["two-files"])
  }
}
