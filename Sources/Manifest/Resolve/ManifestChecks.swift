import Diagnostics
import Project

/// Checks over the whole manifest, made when everything is read.
public enum ManifestChecks {
  /// Several checks at once, each of which only reads; what they find is in their order.
  public static func together(_ checks: [@Sendable () -> [Diagnostic]]) -> [Diagnostic] {
    Parallel.chunks(of: checks.count, minimum: 1) { range in checks[range].flatMap { $0() } }.flatMap { $0 }
  }

  /// Two resources with one id.
  public static func duplicate(_ first: Resource, _ second: Resource) -> Diagnostic {
    let plural = first.resourceType == second.resourceType ? first.resourceType.plural : "resources"
    var name = first.name
    var action = "looking for"
    let reference: String
    switch first {
    case let node as Node where node.isRefable: reference = "ref(\"\(name)\")"
    case let source as SourceDefinition:
      name = "\(source.sourceName)_\(source.name)"
      reference = "source(\"\(source.sourceName)\", \"\(source.name)\")"
    case is Documentation: reference = "doc(\"\(name)\")"
    case let test as Node where test.isGenericTest:
      let column = test.columnName.map { "column \"\($0)\" in " } ?? ""
      name = "\(test.name)\" defined on \(column)\"\(test.fileKeyName ?? "")"
      action = "running"
      reference = "tests"
    default: reference = name
    }
    return Diagnostic(
      "duplicate-\(first.resourceType.rawValue.map { $0 == "_" ? "-" : String($0) }.joined())", .compilation,
      """
      dbt found two \(plural) with the name "\(name)".

      Since these resources have the same name, dbt will be unable to find the correct resource
      when \(action) \(reference).

      To fix this, change the name of one of these resources:
      - \(first.uniqueID) (\(first.originalFilePath))
      - \(second.uniqueID) (\(second.originalFilePath))
      """,
      range: second.range, notes: first.range.map { [Diagnostic.Note("first defined here", range: $0)] } ?? [])
  }

  /// Names and relations that two resources share. `quoting` is the project's.
  /// - Parameter namesMustDiffer: the flag `require_unique_project_resource_names`; without it a shared name of two
  ///   kinds (a model and a seed) is a deprecation warning.
  public static func uniqueness(
    _ manifest: Manifest, quoting: Quoting = Quoting(), namesMustDiffer: Bool = false
  ) -> [Diagnostic] {
    var out: [Diagnostic] = []
    var byRelation: [String: Node] = Dictionary(minimumCapacity: manifest.nodes.count)
    var unversioned: [String: [String: Node]] = [:]
    var versioned: [String: [String: Node]] = [:]
    for node in manifest.nodes where node.isRelational {
      if !node.isVersioned, let other = unversioned[node.packageName]?[node.name] {
        if namesMustDiffer {
          out.append(duplicate(other, node))
        } else {
          out.append(sharedName(other, node))
        }
      }
      if node.isVersioned {
        versioned[node.packageName, default: [:]][node.name] = node
      } else {
        unversioned[node.packageName, default: [:]][node.name] = node
      }
      let relation = RelationName.render(
        database: node.database, schema: node.schema, identifier: node.alias, quoting: quoting)
      if let other = byRelation[relation] {
        out.append(sharedRelation(other, node, relation))
      } else {
        byRelation[relation] = node
      }
    }
    for (package, names) in versioned.sorted(by: { $0.key < $1.key }) {
      for (name, node) in names.sorted(by: { $0.key < $1.key }) {
        if let other = unversioned[package]?[name] { out.append(versionedAndNot(node, other)) }
      }
    }
    return out
  }

  private static func sharedName(_ first: Node, _ second: Node) -> Diagnostic {
    Diagnostic(
      "duplicate-name-distinct-node-types", .compilation,
      "Found resources with the same name '\(second.name)' in package '\(second.packageName)': '\(first.uniqueID)' and "
        + "'\(second.uniqueID)'. Please update one of the resources to have a unique name.",
      severity: .warning, range: second.range)
  }

  private static func sharedRelation(_ first: Node, _ second: Node, _ relation: String) -> Diagnostic {
    Diagnostic(
      "duplicate-relation", .compilation,
      """
      dbt found two resources with the database representation "\(relation)".
      dbt cannot create two resources with identical database representations. To fix this,
      change the configuration of one of these resources:
      - \(first.uniqueID) (\(first.originalFilePath))
      - \(second.uniqueID) (\(second.originalFilePath))
      """,
      range: second.range, notes: first.range.map { [Diagnostic.Note("the other one", range: $0)] } ?? [],
      hint: "give one of them another alias or schema")
  }

  private static func versionedAndNot(_ versioned: Node, _ unversioned: Node) -> Diagnostic {
    Diagnostic(
      "duplicate-versioned", .parsing,
      """
      dbt found versioned and unversioned models with the name "\(versioned.name)".

      Since these resources have the same name, dbt will be unable to find the correct resource
      when looking for ref('\(versioned.name)').

      To fix this, change the name of the unversioned resource
      \(unversioned.uniqueID) (\(unversioned.originalFilePath))
      or add the unversioned model to the versions in \(versioned.patchPath ?? "")
      """,
      range: unversioned.range)
  }

  /// Groups that are named but not defined, and public ephemeral models.
  public static func groupsAndAccess(_ manifest: Manifest) -> [Diagnostic] {
    var out: [Diagnostic] = []
    let names = Set(manifest.groups.items.map(\.name))
    func check(_ resource: GraphResource) {
      guard let group = resource.group, !group.isEmpty, !names.contains(group) else { return }
      let expected = names.sorted(by: isOrdered).map { ConfigValue.pythonRepr(of: $0) }.joined(separator: ", ")
      out.append(
        Diagnostic(
          "unknown-group", .parsing, "Invalid group '\(group)', expected one of [\(expected)]",
          range: resource.propertiesRange ?? resource.range,
          hint: NearestName.of(group, among: names).map { "did you mean '\($0)'?" }))
    }
    for metric in manifest.metrics { check(metric) }
    for model in manifest.semanticModels { check(model) }
    for query in manifest.savedQueries { check(query) }
    for node in manifest.nodes {
      check(node)
      if node.resourceType == .model, node.access == .public, node.config.materialized == "ephemeral" {
        out.append(
          Diagnostic(
            "invalid-access", .parsing,
            "Node \(node.uniqueID) with 'ephemeral' materialization has an invalid value (public) for the access field",
            range: node.range))
      }
    }
    return out
  }

  /// Snapshots that lack what they need.
  public static func snapshots(_ manifest: Manifest) -> [Diagnostic] {
    manifest.nodes.items.compactMap { node in
      guard node.resourceType == .snapshot else { return nil }
      do throws(ConfigProblem) {
        try node.config.checkSnapshot()
        return nil
      } catch { return error.diagnostic(range: node.propertiesRange ?? node.range) }
    }
  }

  /// Fills in every model's primary key from its constraints and tests.
  public static func inferPrimaryKeys(_ manifest: Manifest) {
    var tests: [String: [Node]] = Dictionary(minimumCapacity: manifest.nodes.count / 4)
    // Tests of one model come one after the other.
    var (model, ofModel): (String, [Node]) = ("", [])
    func add(_ test: Node) {
      guard test.isGenericTest, let attached = test.attachedNode else { return }
      if attached != model {
        finish()
        model = attached
      }
      ofModel.append(test)
    }
    func finish() {
      if !ofModel.isEmpty { tests[model, default: []] += ofModel }
      ofModel.removeAll(keepingCapacity: true)
    }
    for node in manifest.nodes { add(node) }
    for group in manifest.disabled.groups {
      for case let node as Node in group.resources { add(node) }
    }
    finish()
    let (nodes, attached) = (manifest.nodes.items, tests)
    _ = Parallel.chunks(of: nodes.count) { range in
      for node in nodes[range] where node.resourceType == .model {
        node.primaryKey = PrimaryKey.infer(node, tests: attached[node.uniqueID] ?? [])
      }
    }
  }
}
