import Diagnostics

/// Finds the model each unit test is about, and makes one unit test of each version of a versioned model.
public struct UnitTestResolver {
  private let lookup: Lookup
  public init(_ lookup: Lookup) { self.lookup = lookup }

  /// Changes the manifest's unit tests and disabled resources. Call it before `DependencyResolver.resolve`, when the
  /// macros each model needs are known.
  public func resolve(_ manifest: Manifest) -> [Diagnostic] {
    guard !manifest.unitTests.isEmpty else { return [] }
    var out: [Diagnostic] = []
    var kept: [UnitTest] = []
    // Versions of a model end up behind all others, as dbt takes the original out and adds its versions at the end.
    var added: [UnitTest] = []
    for test in manifest.unitTests {
      guard let model = model(of: test) else {
        out.append(
          problem(
            "Unable to find model '\(test.packageName).\(test.model)' for unit test '\(test.name)' in "
              + test.originalFilePath, test, nearest(test)))
        kept.append(test)
        continue
      }
      test.testedNode = model.uniqueID
      guard model.config.enabled, test.config.enabled else {
        if model.config.enabled {
          test.dependsOn.nodes = [model.uniqueID]
          test.schema = model.schema
        }
        test.config[.enabled] = false
        if manifest.disabled[test.uniqueID].isEmpty { manifest.disabled.add(test) }
        continue
      }
      test.dependsOn.nodes = [model.uniqueID]
      test.schema = model.schema
      if let found = incrementalProblem(test, model) { out.append(problem(found, test, nil)) }
      if !model.isVersioned {
        if let versions = test.versions, !(versions.include ?? []).isEmpty || !(versions.exclude ?? []).isEmpty {
          out.append(
            problem(
              "Unit test '\(test.name)' should not have a versions include or exclude when referencing non-versioned "
                + "model '\(model.name)'", test, nil))
        }
        kept.append(test)
        continue
      }
      let versions = manifest.nodes.items.filter { node in
        guard node.isVersioned, node.name == model.name, node.packageName == model.packageName,
          let version = node.version
        else { return false }
        guard let wanted = test.versions else { return true }
        if let exclude = wanted.exclude, !exclude.isEmpty { return !exclude.contains(version) }
        if let include = wanted.include, !include.isEmpty { return include.contains(version) }
        return false
      }
      if versions.isEmpty {
        out.append(
          problem("Unit test '\(test.name)' referenced a version of '\(model.name)' which was not found.", test, nil))
      }
      for version in versions { added.append(copy(test, for: version)) }
    }
    var table = ResourceTable<UnitTest>()
    for test in kept + added { table.add(test) }
    manifest.unitTests = table
    return out
  }

  private func model(of test: UnitTest) -> Node? {
    lookup.node(test.model, package: test.packageName) ?? lookup.disabledNode(test.model, package: test.packageName)
  }

  private func nearest(_ test: UnitTest) -> String? {
    NearestName.of(test.model, among: lookup.refNames).map { "did you mean '\($0)'?" }
  }

  private func incrementalProblem(_ test: UnitTest, _ model: Node) -> String? {
    guard model.dependsOn.macros.contains("macro.dbt.is_incremental") else { return nil }
    guard let override = test.overrides?.macros["is_incremental"]?.asBool else {
      return
        "Boolean override for 'is_incremental' must be provided for unit test '\(test.name)' in model '\(model.name)'"
    }
    if override, !test.given.contains(where: { $0.input == "this" }) {
      return "Unit test '\(test.name)' for incremental model '\(model.name)' must have a 'this' input"
    }
    return nil
  }

  private func copy(_ test: UnitTest, for model: Node) -> UnitTest {
    let copy = UnitTest(
      uniqueID: UniqueID.unitTest(
        package: test.packageName, model: test.model, name: test.name, version: model.version),
      name: test.name, packageName: test.packageName, path: test.path, originalFilePath: test.originalFilePath,
      fqn: test.fqn, config: test.config, model: test.model)
    copy.range = test.range
    copy.tags = test.tags
    copy.meta = test.meta
    copy.description = test.description
    copy.createdAt = test.createdAt
    copy.given = test.given
    copy.expect = test.expect
    copy.overrides = test.overrides
    copy.checksum = test.checksum
    copy.schema = test.schema
    copy.versions = test.versions
    copy.version = model.version
    copy.testedNode = model.uniqueID
    copy.dependsOn = DependsOn(macros: test.dependsOn.macros, nodes: [model.uniqueID])
    return copy
  }

  private func problem(_ message: String, _ test: UnitTest, _ hint: String?) -> Diagnostic {
    Diagnostic("unit-test", .parsing, message, range: test.range, hint: hint)
  }
}
