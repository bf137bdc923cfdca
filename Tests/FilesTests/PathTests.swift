import Testing

@testable import Files

@Suite struct PathTests {
  @Test func pathsFollowPython() {
    #expect(Path.join("a", "b") == "a/b")
    #expect(Path.join("a", "/b") == "/b")
    #expect(Path.join("", "b") == "b")
    #expect(Path.normalized("a/./b//../c/") == "a/c")
    #expect(Path.normalized("../a/../..") == "../..")
    #expect(Path.normalized("/../a") == "/a")
    #expect(Path.normalized("") == ".")
    #expect(Path.relative("/a/b/c", to: "/a") == "b/c")
    #expect(Path.relative("/ab", to: "/a") == "/ab")
    #expect(Path.parent("a/b") == "a")
    #expect(Path.parent("/a") == "/")
  }

  @Test func relativePathsStartAtTheGivenFolder() {
    #expect(Path.absolute("a/../b", from: "/x") == "/x/b")
    #expect(Path.absolute("/y", from: "/x") == "/y")
    #expect(Path.name("a/b/c.sql") == "c.sql")
    #expect(Path.expandingHome("~/x", environment: ["HOME": "/home/a"]) == "/home/a/x")
    #expect(Path.expandingHome("~b/x", environment: ["HOME": "/home/a"]) == "~b/x")
  }
}
