import Testing

@testable import Manifest

/// Names, hashes and fingerprints against those in manifests dbt wrote.
@Suite struct NameTests {
  static let projects = ["shop", "semantic", "changed"]

  @Test(arguments: projects) func genericTests(_ project: String) throws {
    let manifest = try Golden.manifest(project)
    var seen = 0
    for node in manifest.nodes {
      guard let metadata = node.testMetadata else { continue }
      seen += 1
      let hash = GenericTestName.hash(
        name: node.name, test: metadata.name, namespace: metadata.namespace, kwargs: metadata.kwargs)
      #expect(
        node.uniqueID == UniqueID.genericTest(package: node.packageName, name: node.name, hash: hash), "\(node.name)")
      #expect(
        node.fqn
          == FQN.genericTest(package: node.packageName, propertiesPath: node.originalFilePath, name: node.name))
      guard node.name != "my_rel", node.name != "custom_name", let attached = node.attachedNode else { continue }
      let model = try #require(manifest.nodes[attached])
      let target = model.version.map { "\(model.name)_v\($0.text)" } ?? model.name
      let (short, full) = GenericTestName.of(test: metadata.name, target: target, arguments: metadata.kwargs)
      #expect(node.name == full)
      #expect(node.path == NodePaths.genericTest(shortName: short))
      if node.config.alias != nil { #expect(node.config.alias == short) }
    }
    #expect(seen > 1)
  }

  @Test func longTestNamesAreShortened() {
    let (short, full) = GenericTestName.of(
      test: "accepted_values", target: "a_rather_long_model_name_indeed",
      arguments: ["column_name": "status", "values": ["placed", "it's", "a-b  c", 1.5, nil]])
    #expect(full == "accepted_values_a_rather_long_model_name_indeed_status__placed__it_s__a_b_c__1_5__None")
    // md5 of the full name, as Python gives it.
    #expect(short == "accepted_values_a_rather_long_" + "_" + Hashes.md5(full))
    #expect(Hashes.md5("abc") == "900150983cd24fb0d6963f7d28e17f72")
  }

  /// Dates without quotes are dates in YAML; names have them as Python's `str` writes them.
  @Test func datesInTestNamesAreTheirText() {
    let values: ConfigValue = .list([
      .date("2020-01-01"), .datetime("2020-01-01T10:00:00"), .datetime("2020-01-01T10:00:00.500000+00:00"),
    ])
    let name = GenericTestName.of(
      test: "accepted_values", target: "a", arguments: ["column_name": "a", "values": values]
    ).full
    #expect(
      name
        == "accepted_values_a_a__2020_01_01__2020_01_01_10_00_00__2020_01_01_10_00_00_500000_00_00")
    let hash = GenericTestName.hash(
      name: name, test: "accepted_values", namespace: nil,
      kwargs: ["column_name": "a", "values": values, "model": "{{ get_where_subquery(ref('a')) }}"])
    #expect(hash == "9f34d2d10a")
  }

  @Test(arguments: projects) func fingerprints(_ project: String) throws {
    let manifest = try Golden.manifest(project)
    for node in manifest.nodes where node.resourceType == .model {
      #expect(Fingerprints.contract(node) == node.contract.checksum, "\(node.uniqueID)")
    }
    for test in manifest.unitTests { #expect(Fingerprints.unitTest(test) == test.checksum, "\(test.uniqueID)") }
  }

  @Test(arguments: projects) func fullyQualifiedNames(_ project: String) throws {
    let manifest = try Golden.manifest(project)
    for node in manifest.nodes {
      switch node.resourceType {
      case .model where node.isVersioned:
        let version = try #require(node.version)
        let file = FQN.of(package: node.packageName, path: node.path, name: node.name)
        #expect(node.fqn == FQN.versionedModel(file, name: node.name, version: version))
        #expect(
          node.uniqueID == UniqueID.versionedModel(package: node.packageName, name: node.name, version: version))
        #expect(
          node.alias
            == RelationName.defaultAlias(configured: node.config.alias, name: node.name, version: version))
      case .snapshot where node.originalFilePath.hasSuffix(".sql"):
        #expect(node.fqn == FQN.sqlSnapshot(package: node.packageName, path: node.path, name: node.name))
      case .test where node.isGenericTest: continue
      case .snapshot: continue
      default: #expect(node.fqn == FQN.of(package: node.packageName, path: node.path, name: node.name))
      }
      guard !node.isVersioned, !node.isGenericTest else { continue }
      #expect(node.uniqueID == UniqueID.of(node.resourceType, package: node.packageName, name: node.name))
    }
    for source in manifest.sources {
      #expect(
        source.uniqueID == UniqueID.source(package: source.packageName, source: source.sourceName, table: source.name))
      #expect(
        source.relationName
          == RelationName.render(
            database: source.database, schema: source.schema, identifier: source.identifier, quoting: source.quoting))
    }
    for test in manifest.unitTests {
      #expect(
        test.fqn
          == FQN.unitTest(
            package: test.packageName, propertiesPath: test.originalFilePath, model: test.model, name: test.name))
      #expect(
        test.uniqueID
          == UniqueID.unitTest(package: test.packageName, model: test.model, name: test.name, version: test.version))
    }
  }

  @Test(arguments: projects) func relationNames(_ project: String) throws {
    for node in try Golden.manifest(project).nodes {
      let expected =
        node.isRelational && !node.isEphemeralModel
        ? RelationName.render(database: node.database, schema: node.schema, identifier: node.alias) : nil
      #expect(node.relationName == expected, "\(node.uniqueID)")
    }
  }

  @Test(arguments: projects) func primaryKeys(_ project: String) throws {
    let manifest = try Golden.manifest(project)
    let expected = manifest.nodes.map(\.primaryKey)
    for node in manifest.nodes { node.primaryKey = [] }
    ManifestChecks.inferPrimaryKeys(manifest)
    #expect(manifest.nodes.map(\.primaryKey) == expected)
  }

  @Test(arguments: [
    ("models/a/b.sql", "models/a/b"), ("a/.hidden", "a/.hidden"), ("a.b/c", "a.b/c"), ("x.tar.gz", "x.tar"),
    ("..x", "..x"), ("", ""),
  ]) func extensions(_ path: String, _ bare: String) {
    #expect(FQN.withoutExtension(path) == bare)
  }

  @Test func relationNamesCannotBreakOut() {
    #expect(RelationName.render(database: nil, schema: "a\"b", identifier: "c") == "\"a\"\"b\".\"c\"")
  }

  @Test func defaultNames() {
    #expect(RelationName.defaultSchema(configured: " x ", target: "t") == "t_x")
    #expect(RelationName.defaultSchema(configured: nil, target: "t") == "t")
    #expect(RelationName.defaultAlias(configured: nil, name: "m", version: .double(1.5)) == "m_v1_5")
  }
}
