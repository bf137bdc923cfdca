import Diagnostics
import Foundation
import Testing

@testable import Manifest

/// What 20,000 models and as many tests cost, printed; run with `TENON_SPEED=20000` in a release build.
@Suite struct SpeedTests {
  private static let size = Int(ProcessInfo.processInfo.environment["TENON_SPEED"] ?? "") ?? 0

  private func timed<R>(_ name: String, _ body: () throws -> R) rethrows -> R {
    let start = Date()
    let result = try body()
    FileHandle.standardError.write(Data("\(name): \(Int(Date().timeIntervalSince(start) * 1000)) ms\n".utf8))
    return result
  }

  @Test(.enabled(if: size > 0)) func large() throws {
    let models: ConfigDict = ["shop": ["+materialized": "table", "+tags": ["a"], "m1": ["+meta": ["x": 1]]]]
    let resolver = ConfigResolver(
      root: .init(name: "shop", sections: ["models": models], unrendered: ["models": models]))
    let manifest = Manifest()
    let sql = String(repeating: "select a, b, c from {{ ref('x') }}\n", count: 20)
    try timed("configure and make nodes") {
      for i in 0..<Self.size {
        let name = "model_\(i)"
        let fqn = ["shop", "m\(i % 10)", name]
        let node = Node(
          .model, uniqueID: "model.shop.\(name)", name: name, packageName: "shop", path: "m/\(name).sql",
          originalFilePath: "models/m/\(name).sql", fqn: fqn,
          config: try resolver.resolve(
            .model, package: "shop", fqn: fqn, call: ["tags": ["b"], "alias": .string(name)]),
          alias: name, database: "db", schema: "s", checksum: .sha256(ofStripped: sql), rawCode: sql)
        node.unrenderedConfig = resolver.unrendered(.model, package: "shop", fqn: fqn)
        for k in 1...4 where i - k * k > 0 { node.refs.append(RefArgs(name: "model_\(i - k * k)")) }
        for k in 0..<8 {
          var column = ColumnInfo(name: "c\(k)")
          column.description = "a column"
          node.columns.append(column)
        }
        manifest.nodes.add(node)
        let kwargs: ConfigDict = ["column_name": "c0", "model": .string("{{ get_where_subquery(ref('\(name)')) }}")]
        let (short, full) = GenericTestName.of(test: "unique", target: name, arguments: kwargs)
        let test = Node(
          .test,
          uniqueID: UniqueID.genericTest(
            package: "shop", name: full,
            hash: GenericTestName.hash(name: full, test: "unique", namespace: nil, kwargs: kwargs)),
          name: full, packageName: "shop", path: short + ".sql", originalFilePath: "models/schema.yml",
          fqn: ["shop", full], config: try resolver.resolve(.test, package: "shop", fqn: ["shop", full]), alias: short,
          database: "db", schema: "s", checksum: .none, rawCode: "{{ test_unique(**_dbt_generic_test_kwargs) }}")
        test.testMetadata = TestMetadata(name: "unique", kwargs: kwargs)
        test.refs = [RefArgs(name: name)]
        manifest.nodes.add(test)
      }
    }
    let lookup = timed("lookup") { Lookup(manifest, rootProject: "shop") }
    let problems = timed("resolve") { DependencyResolver(lookup).resolve(manifest) }
    #expect(problems.isEmpty)
    #expect(timed("uniqueness") { ManifestChecks.uniqueness(manifest) }.isEmpty)
    let graph = try timed("graph") { try Graph(manifest) }
    #expect(timed("cycle") { graph.findCycle() } == nil)
    let selector = NodeSelector(graph: graph, manifest: manifest)
    let all = try timed("select everything") { try selector.select(try SelectionParser.parse(select: nil)) }
    _ = try timed("select +model_100+") { try selector.select(try SelectionParser.parse(select: ["+model_100+"])) }
    _ = try timed("select model_1*") { try selector.select(try SelectionParser.parse(select: ["model_1*"])) }
    let edges = timed("test edges") { graph.testEdges() }
    let plan = timed("plan") { ExecutionPlan(graph, selected: all, extra: edges) }
    timed("queue") {
      var queue = ExecutionQueue(plan, priority: .criticalPath)
      while let next = queue.next() { queue.finish(next) }
      #expect(queue.unfinished == 0)
    }
    let path = "/tmp/tenon-speed-manifest.json"
    try timed("write") { try ManifestWriter.write(manifest, toFile: path) }
    let again = try timed("read") { try ManifestReader.read(file: path) }
    #expect(again.nodes.count == manifest.nodes.count)
    try? FileManager.default.removeItem(atPath: path)
  }
}
