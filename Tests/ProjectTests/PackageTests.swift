import Diagnostics
import Foundation
import Testing
import YAML

@testable import Project

@Suite struct PackageTests {
  private func specs(_ text: String, root: String = "/nowhere") throws -> [PackageSpec] {
    let folder = try Folder(["packages.yml": text])
    return try PackagesReader(root: folder.path, displayRoot: "").read(renderer: TableRenderer()).packages
  }

  /// The hash is dbt's `_create_sha1_hash` of the same text.
  @Test func theHashIsThatOfDbt() throws {
    let packages = try specs(
      """
      packages:
        - local: ../x
        - package: a/b
          version: [">=1.0.0", "<2.0.0"]
        - package: a/c
          version: 1.1
          install_prerelease: true
        - git: "https://x/y.git"
          revision: 1.0
          warn-unpinned: false
          subdirectory: s
        - git: "https://x/z.git"
        - tarball: http://t/x.tar.gz
          name: tt
        - private: o/r
          provider: github
        - local: é
          name: loc
      """)
    #expect(PackageHash.sha1(packages) == "1d6effe6c012928f2775540d4d6e9923bdbf523c")
  }

  private func sh(_ script: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-ec", script]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(script)")
  }

  private final class Log { var events: [PackageEvent] = [] }

  private func install(
    _ folder: Folder, _ edit: (inout PackageInstaller.Options) -> Void = { _ in }
  ) throws -> (names: [String], events: [PackageEvent]) {
    let project = try loader(folder) {
      $0.projectDirectory = folder.path + "/shop"
      $0.needsProfile = false
      $0.loadsPackages = false
    }.load().root
    var options = PackageInstaller.Options(
      environment: [
        "PATH": "/usr/bin:/bin", "HOME": folder.path, "DBT_PACKAGE_HUB_URL": "file://\(folder.path)/hub",
        "DBT_ENV_SECRET_TOKEN": "hush-hush",
      ])
    edit(&options)
    let log = Log()
    let names = try PackageInstaller(project, options, renderers: TableRenderer(names: ["token": .string("hush-hush")]))
    {
      log.events.append($0)
    }.run()
    return (names, log.events)
  }

  private func shop(_ packages: String, _ files: [String: String] = [:]) throws -> Folder {
    try Folder(
      ["shop/dbt_project.yml": "name: shop\n", "shop/packages.yml": packages].merging(files) { $1 })
  }

  /// A hub in a folder, with `acme/utils` in several versions; 1.1.0 needs `acme/base`.
  private func hub(_ folder: Folder) throws {
    func version(_ project: String, _ number: String, _ packages: String = "[]", dbt: String = "[]") -> String {
      """
      "\(number)": {"name": "\(project)", "version": "\(number)", "packages": \(packages), "require_dbt_version": \(dbt),
        "downloads": {"tarball": "file://\(folder.path)/hub/\(project)-\(number).tar.gz"}}
      """
    }
    try folder.write("hub/api/v1/index.json", "[\"acme/utils\", \"acme/base\"]")
    try folder.write(
      "hub/api/v1/acme/utils.json",
      "{\"name\": \"utils\", \"namespace\": \"acme\", \"versions\": {"
        + [
          version("utils", "1.0.0"),
          version("utils", "1.1.0", "[{\"package\": \"acme/base\", \"version\": \"0.1.0\"}]"),
          version("utils", "1.2.0-rc1"), version("utils", "1.3.0", dbt: "[\">=1.12.0\"]"), version("utils", "2.0.0"),
        ].joined(separator: ", ") + "}}")
    try folder.write(
      "hub/api/v1/acme/base.json", "{\"name\": \"base\", \"versions\": {\(version("base", "0.1.0"))}}")
    for (project, number) in [("utils", "1.0.0"), ("utils", "1.1.0"), ("utils", "2.0.0"), ("base", "0.1.0")] {
      let inside = "hub/\(project)-\(number)"
      try folder.write("\(inside)/dbt_project.yml", "name: \(project)\nversion: \(number)\n")
      try sh("cd '\(folder.path)/hub' && tar czf \(project)-\(number).tar.gz \(project)-\(number)")
    }
  }

  @Test func hubPackagesAreResolvedLockedAndInstalled() throws {
    let folder = try shop("packages:\n  - package: acme/utils\n    version: ['>=1.0.0', '<2.0.0']\n")
    try hub(folder)
    let (names, events) = try install(folder)
    #expect(names == ["utils", "base"])
    #expect(try folder.read("shop/dbt_packages/utils/dbt_project.yml") == "name: utils\nversion: 1.1.0\n")
    #expect(try folder.read("shop/dbt_packages/base/dbt_project.yml").hasPrefix("name: base"))
    let lock = try folder.read("shop/package-lock.yml")
    #expect(
      lock.hasPrefix(
        """
        packages:
          - name: utils
            package: acme/utils
            version: 1.1.0
          - name: base
            package: acme/base
            version: 0.1.0
        sha1_hash: 
        """))
    #expect(events.contains(.updateAvailable(latest: "2.0.0")))
    #expect(events.last == .updatesAvailable(["acme/utils"]))
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/shop").sorted()
    #expect(left == ["dbt_packages", "dbt_project.yml", "package-lock.yml", "packages.yml"])
  }

  @Test func theLockFileIsKeptUntilSomethingChanges() throws {
    let folder = try shop("packages:\n  - package: acme/utils\n    version: 1.0.0\n")
    try hub(folder)
    #expect(try install(folder).events.contains { if case .lockWritten = $0 { true } else { false } })
    #expect(try !install(folder).events.contains { if case .lockWritten = $0 { true } else { false } })
    #expect(
      try install(folder) { $0.upgrade = true }.events.contains { if case .lockWritten = $0 { true } else { false } })
    try folder.write("shop/packages.yml", "packages:\n  - package: acme/utils\n    version: 2.0.0\n")
    let (names, _) = try install(folder) { $0.lockOnly = true }
    #expect(names.isEmpty)
    #expect(try folder.read("shop/package-lock.yml").contains("version: 2.0.0"))
    #expect(try folder.read("shop/dbt_packages/utils/dbt_project.yml").contains("version: 1.0.0"))
  }

  @Test(arguments: [
    ("acme/utils", "'>=3.0.0'", "version-not-found"), ("acme/utils", "1.3.0", "version-not-found"),
    ("acme/utlis", "1.0.0", "package-not-found"), ("acme/utils", "['>=2.0.0', '<1.0.0']", "version-conflict"),
    ("acme/utils", "'1.0'", "bad-version"),
  ])
  func whatTheHubDoesNotHaveIsAnError(name: String, version: String, code: String) throws {
    let folder = try shop("packages:\n  - package: \(name)\n    version: \(version)\n")
    try hub(folder)
    let error = #expect(throws: Diagnostics.self) { try install(folder) }
    #expect(codes(error) == [code])
    #expect(error?.all.first?.range?.start.line ?? 0 > 1)
    if code == "package-not-found" { #expect(error?.all.first?.hint == "did you mean `acme/utils`?") }
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/shop/dbt_packages"))
  }

  @Test func versionsForOtherDbtsNeedNoVersionCheck() throws {
    let folder = try shop("packages:\n  - package: acme/utils\n    version: 1.3.0\n")
    try hub(folder)
    try folder.write("hub/utils-1.3.0/dbt_project.yml", "name: utils\n")
    try sh("cd '\(folder.path)/hub' && tar czf utils-1.3.0.tar.gz utils-1.3.0")
    #expect(try install(folder) { $0.checksVersion = false }.names == ["utils"])
  }

  @Test func localPackagesAreLinked() throws {
    let folder = try shop(
      "packages:\n  - local: ../other\n",
      [
        "other/dbt_project.yml": "name: other\n", "other/packages.yml": "packages:\n  - local: ../third\n",
        "third/dbt_project.yml": "name: third\n",
      ])
    #expect(try install(folder).names == ["other", "third"])
    let target = try FileManager.default.destinationOfSymbolicLink(atPath: folder.path + "/shop/dbt_packages/other")
    #expect(target == folder.path + "/other")
    #expect(try install(folder).names == ["other", "third"])
    #expect(try folder.read("other/dbt_project.yml") == "name: other\n")
    #expect(
      try folder.read("shop/package-lock.yml")
        .hasPrefix("packages:\n  - local: ../other\n    name: other\n  - local: ../third\n    name: third\nsha1_hash: ")
    )
  }

  @Test func gitPackagesAreInstalledAtTheirRevision() throws {
    let folder = try shop(
      """
      packages:
        - git: "file://{{ root }}/repo"
          revision: v1
        - git: "file://{{ root }}/many"
          subdirectory: inner
      """)
    try folder.write("repo/dbt_project.yml", "name: first\n")
    try folder.write("many/inner/dbt_project.yml", "name: second\n")
    let git = "git -c user.name=t -c user.email=t@t -c init.defaultBranch=main"
    for name in ["repo", "many"] {
      try sh("cd '\(folder.path)/\(name)' && \(git) init -q && git add -A && \(git) commit -qm one && git tag v1")
    }
    try folder.write("repo/dbt_project.yml", "name: changed\n")
    try sh("cd '\(folder.path)/repo' && git add -A && \(git) commit -qm two")
    try folder.write(
      "shop/packages.yml",
      try folder.read("shop/packages.yml").replacingOccurrences(of: "{{ root }}", with: folder.path))
    let (names, events) = try install(folder)
    #expect(names == ["first", "second"])
    #expect(try folder.read("shop/dbt_packages/first/dbt_project.yml") == "name: first\n")
    #expect(try folder.read("shop/dbt_packages/second/dbt_project.yml") == "name: second\n")
    #expect(events.contains(.unpinned(git: "file://\(folder.path)/many", revision: "HEAD")))
    #expect(events.contains(.subdirectory("inner")))
    let lock = try folder.read("shop/package-lock.yml")
    let revisions = lock.split(separator: "\n").filter { $0.contains("revision: ") }
    #expect(revisions.count == 2)
    #expect(revisions.allSatisfy { $0.split(separator: " ").last?.count == 40 })
    // Now by commit, from the lock file.
    #expect(try install(folder).names == ["first", "second"])
  }

  @Test func aMissingRevisionIsAnErrorWithoutSecrets() throws {
    let folder = try shop("packages:\n  - git: 'file:///nowhere/hush-hush/repo'\n    revision: v9\n")
    let error = #expect(throws: Diagnostics.self) { try install(folder) }
    #expect(codes(error) == ["package-fetch"])
    #expect(error?.all.first?.message.contains("hush-hush") == false)
    #expect(error?.all.first?.message.contains("*****") == true)
  }

  @Test func tarballsAreInstalled() throws {
    let folder = try shop("packages:\n  - tarball: file://{{ root }}/t.tar.gz\n    name: tar_package\n")
    try folder.write("inside/dbt_project.yml", "name: inner_name\n")
    try sh("cd '\(folder.path)' && tar czf t.tar.gz inside && tar czf bad.tar.gz inside shop")
    let text = try folder.read("shop/packages.yml").replacingOccurrences(of: "{{ root }}", with: folder.path)
    try folder.write("shop/packages.yml", text)
    #expect(try install(folder).names == ["tar_package"])
    #expect(try folder.read("shop/dbt_packages/tar_package/dbt_project.yml") == "name: inner_name\n")
    try folder.write("shop/packages.yml", text.replacingOccurrences(of: "t.tar.gz", with: "bad.tar.gz"))
    #expect(codes(#expect(throws: Diagnostics.self) { try install(folder) }) == ["package-archive"])
    // What was installed before is still there.
    #expect(try folder.read("shop/dbt_packages/tar_package/dbt_project.yml") == "name: inner_name\n")
  }

  @Test func packagesOfOneNameAreAnError() throws {
    let folder = try shop(
      "packages:\n  - local: ../a\n  - local: ../b\n",
      ["a/dbt_project.yml": "name: same\n", "b/dbt_project.yml": "name: same\n"])
    #expect(codes(#expect(throws: Diagnostics.self) { try install(folder) }) == ["duplicate-package"])
    let own = try shop("packages:\n  - local: ../a\n", ["a/dbt_project.yml": "name: shop\n"])
    #expect(codes(#expect(throws: Diagnostics.self) { try install(own) }) == ["duplicate-package"])
    let none = try shop("packages:\n  - local: ../a\n")
    #expect(codes(#expect(throws: Diagnostics.self) { try install(none) }) == ["not-a-package"])
    let evil = try shop("packages:\n  - local: ../a\n", ["a/dbt_project.yml": "name: ../../x\n"])
    #expect(codes(#expect(throws: Diagnostics.self) { try install(evil) }) == ["bad-package"])
  }

  @Test func withoutPackagesThereIsNothingToInstall() throws {
    let folder = try Folder(["shop/dbt_project.yml": "name: shop\n", "shop/dbt_packages/old/x": ""])
    let (names, events) = try install(folder)
    #expect(names.isEmpty)
    #expect(events == [.noPackages])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/shop/dbt_packages").isEmpty)
  }

  // MARK: - Adding

  private func add(_ folder: Folder, _ text: String, _ source: PackageAdder.Source = .hub) throws -> [PackageEvent] {
    let project = try loader(folder) {
      $0.projectDirectory = folder.path + "/shop"
      $0.needsProfile = false
      $0.loadsPackages = false
    }.load().root
    let log = Log()
    let (name, version) = PackageAdder.split(text)
    try PackageAdder(project) { log.events.append($0) }.add(name, version: version, source: source)
    return log.events
  }

  @Test func packagesAreAdded() throws {
    let folder = try Folder(["shop/dbt_project.yml": "name: shop\n"])
    #expect(
      try add(folder, "acme/utils@>=1.0.0,<2.0.0").first.map {
        if case .createdPackagesFile = $0 { true } else { false }
      } == true)
    #expect(
      try folder.read("shop/packages.yml")
        == "packages:\n  - package: acme/utils\n    version:\n      - '>=1.0.0'\n      - <2.0.0\n")
    _ = try add(folder, "https://x/other.git@v1", .git)
    _ = try add(folder, "../third", .local)
    let events = try add(folder, "acme/utils@2.0.0")
    #expect(events.first == .removedDuplicate(name: "acme/utils"))
    #expect(
      try folder.read("shop/packages.yml") == """
        packages:
          - git: https://x/other.git
            revision: v1
          - local: ../third
          - package: acme/utils
            version: 2.0.0

        """)
    #expect(codes(#expect(throws: Diagnostic.self) { try add(folder, "acme/utils") }) == ["missing-version"])
  }

  @Test func theSamePackageIsRecognisedUnderOtherNames() {
    #expect(PackageAdder.isSame("dbt-labs/dbt_utils", "https://github.com/dbt-labs/dbt-utils.git"))
    #expect(PackageAdder.isSame("a/b", "c/b"))
    #expect(!PackageAdder.isSame("x/dbt-core", "https://github.com/dbt-labs/dbt-core-utils.git"))
  }
}
