import Testing

@testable import Manifest

/// What is said of a whole project beyond errors: forgotten configuration, old models, unfinished microbatch models.
struct ProjectWarningTests {
  private func model(_ name: String, _ config: ConfigDict = ConfigDict()) throws -> Node {
    var settings = NodeConfig(.model)
    try settings.update(with: config)
    return Node(
      .model, uniqueID: "model.shop.\(name)", name: name, packageName: "shop", path: "staging/\(name).sql",
      originalFilePath: "models/staging/\(name).sql", fqn: ["shop", "staging", name], config: settings, alias: name,
      database: "db", schema: "s", checksum: .none, rawCode: "select 1")
  }

  @Test func configurationOfNothing() throws {
    let manifest = Manifest()
    manifest.nodes.add(try model("a"))
    let section: ConfigDict = [
      "+tags": ["x"],
      "shop": ["staging": ["+enabled": true], "stagign": ["materialized": "table", "deep": ["+tags": ["y"]]]],
    ]
    let root = ConfigResolver.Package(
      name: "shop", sections: ["models": section, "seeds": ["+quote_columns": true]], unrendered: [:])
    #expect(
      UnusedConfigPaths.find(root, manifest) == ["models.shop.stagign", "models.shop.stagign.deep", "seeds"])
  }

  @Test func namesWithSpaces() throws {
    let manifest = Manifest()
    manifest.nodes.add(try model("a"))
    #expect(ManifestChecks.namesWithSpaces(manifest, areErrors: true).isEmpty)
    manifest.nodes.add(try model("my model"))
    let errors = ManifestChecks.namesWithSpaces(manifest, areErrors: true)
    #expect(errors.map(\.severity) == [.error])
    #expect(errors.first?.message.contains("'model.shop.my model'") ?? false)
    let warnings = ManifestChecks.namesWithSpaces(manifest, areErrors: false)
    #expect(warnings.map(\.code) == ["name-with-spaces", "names-with-spaces"])
    #expect(warnings.last?.facts.map(\.value) == ["1"])
    manifest.nodes.add(try model("my other"))
    #expect(ManifestChecks.namesWithSpaces(manifest, areErrors: false).count == 2)
    #expect(ManifestChecks.namesWithSpaces(manifest, areErrors: false, listsAll: true).count == 3)
  }

  @Test(arguments: [("view", true, 1), ("table", true, 0), ("view", false, 0)])
  func constraintsThatNothingEnforces(_ materialized: String, _ warns: Bool, _ count: Int) throws {
    let manifest = Manifest()
    let node = try model("a", ["materialized": .string(materialized)])
    node.contract.enforced = true
    var constraint = Constraint(type: .notNull)
    constraint.warnUnsupported = warns
    node.constraints = [constraint]
    manifest.nodes.add(node)
    #expect(ManifestChecks.unenforcedConstraints(manifest).count == count)
  }

  @Test func deprecatedModels() throws {
    let manifest = Manifest()
    let old = try model("old")
    old.deprecationDate = "2020-01-01T00:00:00+00:00"
    old.version = NodeVersion(ConfigValue.int(1))
    old.latestVersion = NodeVersion(ConfigValue.int(2))
    let ending = try model("ending")
    ending.deprecationDate = "2999-01-01T00:00:00+00:00"
    let reader = try model("reader")
    reader.dependsOn.nodes = [old.uniqueID, ending.uniqueID]
    for node in [old, ending, reader] { manifest.nodes.add(node) }
    let found = ManifestChecks.deprecations(manifest)
    #expect(found.map(\.code) == ["deprecated-model", "deprecated-reference", "upcoming-deprecation"])
    #expect(
      found[1].message == "While compiling 'reader': Found a reference to old.v1, which was deprecated on "
        + "'2020-01-01T00:00:00+00:00'. A new version of 'old' is available. Migrate now: "
        + "{{ ref('shop', 'old', v='2') }}.")
  }

  @Test(
    arguments: [
      (["begin": "2024-01-01", "batch_size": "day"], "event_time"),
      (["event_time": "at", "batch_size": "day"], "'begin' (datetime)"),
      (["event_time": "at", "begin": "soon", "batch_size": "day"], "valid datetime"),
      (["event_time": "at", "begin": "2024-01-01", "batch_size": "week"], "'batch_size'"),
      (["event_time": "at", "begin": "2024-01-01 12:00:00", "batch_size": "hour"], "no 'ref' or 'source' input"),
    ] as [(ConfigDict, String)])
  func microbatchModels(_ config: ConfigDict, _ phrase: String) throws {
    var config = config
    config["materialized"] = "incremental"
    config["incremental_strategy"] = "microbatch"
    let manifest = Manifest()
    manifest.nodes.add(try model("events", config))
    let found = ManifestChecks.microbatch(manifest)
    #expect(found.count == 1)
    #expect(found.first?.message.contains(phrase) == true)
  }
}
