import Diagnostics
import Files
import Foundation
import Testing

@testable import Project

@Suite struct FileTests {
  @Test func ignoreRulesAreThoseOfPathspec() throws {
    let folder = golden.appendingPathComponent("ignore")
    let paths = try String(contentsOf: folder.appendingPathComponent("paths.txt"), encoding: .utf8)
      .split(separator: "\n").map(String.init)
    let rules = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".rules") }
    #expect(rules.count > 10)
    for name in rules {
      let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
      let expected = try String(
        contentsOf: folder.appendingPathComponent(name.replacing(".rules", with: ".ignored")), encoding: .utf8)
      let ignore = IgnoreRules(text: text)
      #expect(paths.filter(ignore.ignores) == expected.split(separator: "\n").map(String.init), "\(name)")
    }
  }

  @Test func checksumsAreThoseOfDbt() throws {
    let folder = golden.appendingPathComponent("checksums")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".sql") }
    #expect(names.count >= 10)
    for name in names {
      let path = folder.appendingPathComponent(name).path
      let expected = try String(contentsOfFile: path.replacing(".sql", with: ".sha256"), encoding: .utf8)
      let source = SourceText.stripped(name: name, utf8: try FileSystem.read(path))
      #expect(FileChecksum.sha256(source.utf8).checksum + "\n" == expected, "\(name)")
    }
  }

  @Test func strippedFilesKeepTheirLineNumbers() {
    let source = SourceText.stripped(name: "a.sql", utf8: Array("\n\r\n  select 1\n  from x\n\n".utf8))
    #expect(String(decoding: source.utf8, as: UTF8.self) == "select 1\n  from x")
    #expect(source.position(at: 0).line == 3)
    #expect(source.line(4) == "  from x")
  }

  private func config(_ folder: Folder, _ yaml: String = "") throws -> ProjectConfig {
    try folder.write("dbt_project.yml", "name: shop\n" + yaml)
    let reader = ProjectConfigReader(root: folder.path)
    return try reader.read(try reader.load(), renderer: PlainRendererProvider())
  }

  @Test func filesAreFoundByFolderAndExtension() throws {
    let folder = try Folder([
      "models/a.sql": "select 1", "models/sub/b.SQL": "select 2", "models/.c.sql": "", "models/#d.sql": "",
      "models/~e.sql": "", "models/f.py": "x", "models/g.txt": "", "models/schema.yml": "version: 2",
      "models/docs.md": "text", "seeds/s.csv": "a,b", "seeds/s.yaml": "version: 2", "tests/t.sql": "select 3",
      "tests/generic/g.sql": "{% test g() %}{% endtest %}", "tests/fixtures/f.csv": "a",
      "tests/fixtures/f.sql": "select",
      "macros/m.sql": "m", "functions/f.sql": "select", "snapshots/sn.sql": "s", "analyses/an.sql": "a",
      ".dbtignore": "ignored.sql\n", "models/ignored.sql": "no", "target/x.sql": "no",
    ])
    let tree = try FileTree.read(try config(folder))
    func paths(_ kind: FileKind) -> [String] { tree.files(kind).map(\.originalPath) }
    #expect(paths(.model) == ["models/a.sql", "models/sub/b.SQL", "models/f.py"])
    #expect(paths(.properties) == ["models/schema.yml", "seeds/s.yaml"])
    #expect(paths(.documentation) == ["models/docs.md"])
    #expect(paths(.seed) == ["seeds/s.csv"])
    #expect(paths(.singularTest) == ["tests/t.sql"])
    #expect(paths(.genericTest) == ["tests/generic/g.sql"])
    #expect(paths(.fixture) == ["tests/fixtures/f.csv", "tests/fixtures/f.sql"])
    #expect(paths(.macro) == ["macros/m.sql"])
    #expect(paths(.function) == ["functions/f.sql"])
    #expect(paths(.snapshot) == ["snapshots/sn.sql"])
    #expect(paths(.analysis) == ["analyses/an.sql"])
    #expect(tree.files(.model)[0].id == "shop://models/a.sql")
    #expect(tree.files(.model)[1].stem == "b")
  }

  @Test func otherFoldersCanBeConfigured() throws {
    let folder = try Folder([
      "data_tests/t.sql": "x", "data_tests/generic/g.sql": "g", "src/m/a.sql": "a", "docs/d.md": "d",
    ])
    let tree = try FileTree.read(
      try config(folder, "test-paths: [data_tests]\nmodel-paths: [src/m]\ndocs-paths: [docs]\n"))
    #expect(
      tree.files.map(\.originalPath) == ["src/m/a.sql", "data_tests/t.sql", "data_tests/generic/g.sql", "docs/d.md"])
  }

  @Test func loopsOfLinksAreNotFollowed() throws {
    let folder = try Folder(["models/a.sql": "select 1"])
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/models/loop", withDestinationPath: folder.path + "/models")
    #expect(try FileTree.read(try config(folder)).files.map(\.originalPath) == ["models/a.sql"])
  }

  @Test func brokenFilesAreReportedTogether() throws {
    let folder = try Folder(["models/a.sql": "select 1"])
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/models/gone.sql", withDestinationPath: "/nowhere/x.sql")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/models/self.sql", withDestinationPath: "self.sql")
    try Data([0x61, 0x0A, 0xFF, 0x62]).write(to: URL(fileURLWithPath: folder.path + "/models/latin.sql"))
    let project = try config(folder)
    let error = #expect(throws: Diagnostics.self) { try FileTree.read(project) }
    #expect(codes(error).sorted() == ["invalid-utf8", "unreadable-file", "unreadable-file"])
    let byte = error?.all.first { $0.code == "invalid-utf8" }
    #expect(byte?.range?.start.line == 2)
    #expect(byte?.range?.start.column == 1)
  }

  @Test func largeSeedsAreNamedAndNotHashed() throws {
    let folder = try Folder(["seeds/big.csv": String(repeating: "a,b\n", count: 300_000), "seeds/small.csv": "a\n"])
    let seeds = try FileTree.read(try config(folder)).files(.seed).sorted { $0.stem < $1.stem }
    #expect(seeds[0].checksum == FileChecksum(name: "path", checksum: "seeds/big.csv"))
    #expect(seeds[1].checksum.name == "sha256")
    #expect(seeds[1].source.utf8.isEmpty)
  }

  /// dbt's `os.walk` gives a folder's files as the disk has them, then its folders in the same order.
  @Test func filesStandInTheOrderOfTheDisk() throws {
    let folder = try Folder()
    for number in 0..<500 { try folder.write("models/m\(1000 + number).sql", "select \(number)") }
    for number in 0..<20 { try folder.write("models/f\(number)/x\(number).sql", "select 1") }
    let models = try FileTree.read(try config(folder)).files(.model)
    let onDisk = try FileSystem.list(folder.path + "/models")
    let expected =
      onDisk.filter { $0.kind == .file }.map { "models/\($0.name)" }
      + onDisk.filter { $0.kind == .directory }.map { "models/\($0.name)/x\($0.name.dropFirst()).sql" }
    #expect(models.map(\.originalPath) == expected)
    #expect(models.count == 520)
    #expect(
      models.prefix(500).allSatisfy {
        String(decoding: $0.source.utf8, as: UTF8.self) == "select \((Int($0.stem.dropFirst()) ?? 0) - 1000)"
      })
  }
}
