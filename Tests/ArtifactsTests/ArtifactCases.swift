import Compiler
import Events
import Foundation
import Jinja
import Manifest
import Runner
import Testing

@testable import Artifacts

/// Golden files of this room, and the small project they tell of.
enum ArtifactCases {
  static let tests: String =
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")

  static func text(_ name: String) throws -> String {
    try String(contentsOfFile: "\(tests)/Golden/artifacts/\(name)", encoding: .utf8)
  }

  /// JSON with its time of writing replaced; the order of members counts.
  static func parsed(_ text: String) throws -> ConfigValue {
    var root = try #require(JSONParser.parse(text)?.asDict)
    if var metadata = root["metadata"]?.asDict {
      #expect(metadata["generated_at"]?.asString?.utf8.count == 27)
      metadata["generated_at"] = "now"
      root["metadata"] = .dict(metadata)
    }
    return .dict(root)
  }

  static func expect(_ bytes: [UInt8], is name: String) throws {
    let made = try parsed(String(decoding: bytes, as: UTF8.self))
    let wanted = try parsed(text(name))
    #expect(made == wanted, "\(String(decoding: bytes, as: UTF8.self))")
    // Equality of dicts does not look at the order.
    #expect(keys(made) == keys(wanted))
  }

  private static func keys(_ value: ConfigValue) -> [String] {
    switch value {
    case .dict(let dict): dict.flatMap { [$0.key] + keys($0.value) }
    case .list(let items): items.flatMap(keys)
    default: []
    }
  }

  static let start = Timestamp(seconds: 1_700_000_000, nanoseconds: 250_000_000)

  static let metadata = ArtifactMetadata(
    dbtVersion: "1.11.16", invocationID: "00000000-0000-0000-0000-000000000001", invocationStartedAt: start,
    environment: [("TEAM", "data")])

  static func later(_ seconds: Int) -> Timestamp {
    Timestamp(seconds: start.seconds + seconds, nanoseconds: start.nanoseconds)
  }

  static func node(_ type: ResourceType, _ name: String, package: String = "shop") -> Node {
    let node = Node(
      type, uniqueID: "\(type.rawValue).\(package).\(name)", name: name, packageName: package, path: "\(name).sql",
      originalFilePath: "models/\(name).sql", fqn: [package, name], config: NodeConfig(type), alias: name,
      database: "db", schema: "public", checksum: .none, rawCode: "select 1")
    node.relationName = "\"db\".\"public\".\"\(name)\""
    return node
  }

  static func source(_ name: String) -> SourceDefinition {
    let source = SourceDefinition(
      uniqueID: "source.shop.crm.\(name)", name: name, packageName: "shop", path: "models/s.yml",
      originalFilePath: "models/s.yml", fqn: ["shop", "crm", name], config: NodeConfig(.source), sourceName: "crm",
      database: "db", schema: "raw", identifier: name)
    source.freshness = FreshnessThreshold(
      warnAfter: .init(count: 12, period: "hour"), errorAfter: .init(), filter: "deleted is null")
    return source
  }

  static func manifest() -> Manifest {
    let manifest = Manifest()
    for node in [node(.model, "orders"), node(.model, "Customers"), node(.seed, "countries")] {
      manifest.nodes.add(node)
    }
    manifest.sources.add(source("visits"))
    return manifest
  }
}
