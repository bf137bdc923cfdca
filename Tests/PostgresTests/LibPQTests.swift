import Testing

@testable import Postgres

@Suite struct LibPQTests {
  @Test func theLibraryIsFoundWithAllFunctions() throws {
    try LibPQ.require()
    #expect(LibPQ.text(nil) == "")
  }
}
