import Diagnostics
import Testing
import YAML

@testable import Project

@Suite struct ProfileServerTests {
  private func credentials(_ servers: String, host: String = "h") throws -> Credentials {
    let text = """
      p:
        target: d
        outputs:
          d: {type: postgres, host: "\(host)", user: u, password: pw, port: 1, dbname: d, schema: s, servers: \(servers)}
      """
    let folder = try Folder(["profiles.yml": text])
    return try ProfilesFile(directory: folder.path).select(
      "p", target: nil, threads: nil, renderer: TableRenderer()
    ).profile.credentials
  }

  @Test func entriesSayWhatDiffersFromTheTarget() throws {
    let servers = try credentials(
      "[{name: east, host: e, tenants: ['e*', x], connections: 20}, {name: west, port: 2, user: w, password: other}]"
    ).servers
    #expect(servers.map(\.name) == ["east", "west"])
    #expect(servers.map(\.credentials.host) == ["e", "h"])
    #expect(servers.map(\.credentials.port) == [1, 2])
    #expect(servers.map(\.credentials.user) == ["u", "w"])
    #expect(servers.map { $0.credentials.password.reveal() } == ["pw", "other"])
    #expect(servers.map(\.patterns) == [["e*", "x"], []])
    #expect(servers.map(\.connectionLimit) == [20, nil])
  }

  @Test func mistakesAreNamed() {
    func found(_ servers: String) -> [String] {
      codes(#expect(throws: Diagnostics.self) { try credentials(servers) })
    }
    #expect(found("[{host: e}]") == ["missing-key"])
    #expect(found("[{name: a, hots: e}]") == ["unknown-key"])
    #expect(found("[{name: a}, {name: a}]") == ["duplicate-server"])
    #expect(found("{name: a}") == ["wrong-type"])
  }

  @Test func severalHostsAreTriedForLonger() throws {
    #expect(try credentials("[]").retries == 1)
    #expect(try credentials("[]", host: "a,b").retries == 4)
  }
}
