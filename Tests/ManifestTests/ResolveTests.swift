import Diagnostics
import Testing

@testable import Manifest

@Suite struct ResolveTests {
  /// Taking away what nodes depend on and finding it again must give what dbt found.
  @Test(arguments: ["shop", "semantic", "changed"]) func findsWhatDbtFinds(_ project: String) throws {
    let expected = try Golden.manifest(project)
    let manifest = try Golden.manifest(project)
    for node in members(manifest) where node.resourceType != .unitTest { node.dependsOn.nodes = [] }
    for metric in manifest.metrics { metric.typeParams["input_measures"] = [] }
    let lookup = Lookup(manifest, rootProject: project == "changed" ? "shop" : project)
    let problems = DependencyResolver(lookup).resolve(manifest)
    #expect(problems.isEmpty)
    for (a, b) in zip(members(manifest), members(expected)) {
      #expect(a.dependsOn.nodes == b.dependsOn.nodes, "\(a.uniqueID)")
    }
    for (a, b) in zip(manifest.metrics, expected.metrics) { #expect(a.typeParams == b.typeParams, "\(a.uniqueID)") }
  }

  private func members(_ manifest: Manifest) -> [GraphResource] {
    var out: [GraphResource] = manifest.nodes.items
    out += manifest.exposures.items as [GraphResource]
    out += manifest.functions.items as [GraphResource]
    out += manifest.metrics.items as [GraphResource]
    out += manifest.semanticModels.items as [GraphResource]
    out += manifest.savedQueries.items as [GraphResource]
    out += manifest.unitTests.items as [GraphResource]
    return out
  }

  private func model(
    _ name: String, package: String = "shop", refs: [RefArgs] = [], sources: [[String]] = [],
    version: NodeVersion? = nil,
    type: ResourceType = .model
  ) -> Node {
    let id =
      version.map { UniqueID.versionedModel(package: package, name: name, version: $0) }
      ?? UniqueID.of(type, package: package, name: name)
    let node = Node(
      type, uniqueID: id, name: name, packageName: package, path: "\(name).sql",
      originalFilePath: "models/\(name).sql", fqn: [package, name], config: NodeConfig(type), alias: name,
      database: "db", schema: "s", checksum: .none, rawCode: "select 1")
    node.refs = refs
    node.sources = sources
    node.version = version
    return node
  }

  private func resolve(
    _ nodes: [Node], restricted: Set<String> = [], nodePackageFirst: Bool = false
  ) -> (Manifest, [Diagnostic]) {
    let manifest = Manifest()
    for node in nodes { manifest.nodes.add(node) }
    let lookup = Lookup(manifest, rootProject: "shop", searchesNodePackageFirst: nodePackageFirst)
    return (manifest, DependencyResolver(lookup, restrictedPackages: restricted).resolve(manifest))
  }

  @Test func misspeltRefsNameTheNearest() {
    let (manifest, problems) = resolve([
      model("orders"), model("a", refs: [RefArgs(name: "ordrs")], sources: [["raw", "x"]]),
    ])
    #expect(
      problems.map(\.message) == [
        "Model 'model.shop.a' (models/a.sql) depends on a source named 'raw.x' which was not found",
        "Model 'model.shop.a' (models/a.sql) depends on a node named 'ordrs' which was not found",
      ])
    #expect(problems.last?.hint == "did you mean 'orders'?")
    #expect(problems.allSatisfy { $0.severity == .error })
    #expect(manifest.nodes["model.shop.a"]?.config.enabled == false)
  }

  @Test func testsOfNothingOnlyWarn() {
    let (_, problems) = resolve([model("t", refs: [RefArgs(name: "gone")], type: .test)])
    #expect(
      problems.map(\.message) == [
        "Test 'test.shop.t' (models/t.sql) depends on a node named 'gone' in package '' which was not found"
      ])
    #expect(problems.first?.severity == .warning)
  }

  @Test func versionsAndPackages() {
    let one = model("fct", version: .int(1))
    let two = model("fct", version: .int(2))
    for node in [one, two] { node.latestVersion = .int(2) }
    let user = model(
      "u",
      refs: [RefArgs(name: "fct"), RefArgs(name: "fct", version: .int(1)), RefArgs(name: "fct", version: .string("1"))])
    let (_, problems) = resolve([one, two, user, model("fct", package: "lib")])
    #expect(problems.isEmpty)
    #expect(user.dependsOn.nodes == ["model.shop.fct.v2", "model.shop.fct.v1"])
  }

  @Test func packagesSearchTheRootFirstUnlessTold() {
    for (first, expected) in [(false, "model.shop.m"), (true, "model.lib.m")] {
      let user = model("u", package: "lib", refs: [RefArgs(name: "m")])
      let (_, problems) = resolve([model("m"), model("m", package: "lib"), user], nodePackageFirst: first)
      #expect(user.dependsOn.nodes == [expected])
      #expect(problems.filter { $0.severity == .warning }.count == (first ? 0 : 1))
    }
  }

  @Test func ambiguousRefsNameThePackages() {
    let (_, problems) = resolve([
      model("m", package: "a"), model("m", package: "b"), model("u", refs: [RefArgs(name: "m")]),
    ])
    #expect(
      problems.map(\.message) == [
        "When referencing 'm', dbt found nodes in multiple packages: 'model.a.m', 'model.b.m'\n"
          + "To fix this, use two-argument 'ref', with the package name first: 'a' or 'b'"
      ])
  }

  @Test func privateModelsStayInTheirGroup() {
    let secret = model("secret")
    secret.access = .private
    secret.group = "g"
    let friend = model("friend", refs: [RefArgs(name: "secret")])
    friend.group = "g"
    let stranger = model("stranger", refs: [RefArgs(name: "secret")])
    let (_, problems) = resolve([secret, friend, stranger])
    #expect(
      problems.map(\.message) == [
        "Node model.shop.stranger attempted to reference node model.shop.secret, which is not allowed because the "
          + "referenced node is private to the 'g' group."
      ])
  }

  @Test func protectedModelsOfRestrictedPackages() {
    let user = model("u", refs: [RefArgs(name: "m", package: "lib")])
    let nodes = [model("m", package: "lib"), user]
    #expect(resolve(nodes).1.isEmpty)
    #expect(
      resolve(nodes, restricted: ["lib"]).1.map(\.message) == [
        "Node model.shop.u attempted to reference node model.lib.m, which is not allowed because the referenced node "
          + "is protected to the 'lib' package."
      ])
  }

  @Test func sharedRelationsAndNames() {
    let manifest = Manifest()
    let a = model("a")
    let b = model("b")
    b.alias = "a"
    for node in [a, b, model("a", type: .seed)] { manifest.nodes.add(node) }
    let problems = ManifestChecks.uniqueness(manifest)
    #expect(problems.map(\.code) == ["duplicate-relation", "duplicate-name-distinct-node-types", "duplicate-relation"])
    #expect(
      problems.first?.message == """
        dbt found two resources with the database representation ""db"."s"."a"".
        dbt cannot create two resources with identical database representations. To fix this,
        change the configuration of one of these resources:
        - model.shop.a (models/a.sql)
        - model.shop.b (models/b.sql)
        """)
  }

  @Test func duplicates() {
    #expect(
      ManifestChecks.duplicate(model("a"), model("a")).message == """
        dbt found two models with the name "a".

        Since these resources have the same name, dbt will be unable to find the correct resource
        when looking for ref("a").

        To fix this, change the name of one of these resources:
        - model.shop.a (models/a.sql)
        - model.shop.a (models/a.sql)
        """)
  }
}
