import Manifest
import Testing

@testable import Artifacts

@Suite struct GraphSummaryTests {
  private func node(_ type: ResourceType, _ name: String, needs: [String] = []) -> Node {
    let node = Node(
      type, uniqueID: "\(type.rawValue).shop.\(name)", name: name, packageName: "shop", path: "\(name).sql",
      originalFilePath: "models/\(name).sql", fqn: ["shop", name], config: NodeConfig(type), alias: name,
      database: "db", schema: "public", checksum: .none, rawCode: "")
    node.dependsOn.nodes = needs
    return node
  }

  private func graph() throws -> Graph {
    let manifest = Manifest()
    manifest.nodes.add(node(.model, "a"))
    manifest.nodes.add(node(.model, "b", needs: ["model.shop.a"]))
    manifest.nodes.add(node(.test, "t", needs: ["model.shop.a"]))
    return try Graph(manifest)
  }

  private func summary(tests: [(test: Int32, waiting: Int32)]?) throws -> ConfigDict {
    let bytes = try GraphSummary.bytes(graph(), tests: tests, invocationID: "id")
    return try ArtifactCases.parsed(String(decoding: bytes, as: UTF8.self)).asDict ?? ConfigDict()
  }

  @Test func nodesAreNumbersWithWhoeverNeedsThem() throws {
    let out = try summary(tests: nil)
    #expect(out.map(\.key) == ["_invocation_id", "linked"])
    let linked = out["linked"]?.asDict
    #expect(linked?["0"] == .dict(["name": "model.shop.a", "type": "model", "succ": [1, 2]]))
    #expect(linked?["2"] == .dict(["name": "test.shop.t", "type": "test"]))
  }

  @Test func aBuildShowsWhatWaitsForTests() throws {
    let out = try summary(tests: graph().testEdges())
    #expect(out["with_test_edges"]?.asDict?["2"] == .dict(["name": "test.shop.t", "type": "test", "succ": [1]]))
  }
}
