import Testing

@testable import Project

@Suite struct VersionTests {
  @Test func versionsAreReadAsDbtDoes() throws {
    for (text, expected) in try goldenLines("versions.txt") {
      #expect(VersionSpecifier(text)?.description ?? "error" == expected, "\(text)")
    }
  }

  @Test func versionsCompareAsInDbt() throws {
    for (text, expected) in try goldenLines("comparisons.txt") {
      let sides = text.split(separator: " ").map { VersionSpecifier(String($0)) }
      let a = try #require(sides[0])
      let b = try #require(sides[1])
      #expect(String(a.compare(b)) == expected, "\(text)")
    }
  }

  @Test func requirementsAreJoinedAsInDbt() throws {
    for (text, expected) in try goldenLines("reductions.txt") {
      let versions = text.split(separator: " ").compactMap { VersionSpecifier(String($0)) }
      #expect(VersionRange(all: versions)?.description ?? "none" == expected, "\(text)")
    }
  }

  @Test func theHighestVersionIsChosenAsInDbt() throws {
    for (text, expected) in try goldenLines("resolutions.txt") {
      let sides = text.replacing(" | ", with: "|").split(separator: "|")
      let versions = sides[0].split(separator: " ").compactMap { VersionSpecifier(String($0)) }
      let available = sides[1].split(separator: " ").map(String.init)
      let chosen = VersionRange(all: versions).map { $0.highest(of: available) ?? "None" } ?? "none"
      #expect(chosen == expected, "\(text)")
    }
  }
}
