import Diagnostics

extension NodeSelector {
  private static let stateMethods = [
    "new", "old", "modified", "unmodified", "modified.body", "modified.configs", "modified.persisted_descriptions",
    "modified.relation", "modified.macros", "modified.contract",
  ]

  func compareState(_ text: String) throws(Diagnostic) -> IDSet {
    guard let old = state?.manifest else {
      throw Diagnostic("selector-state", .runtime, "Got a state selector method, but no comparison manifest")
    }
    guard Self.stateMethods.contains(text) else {
      let list = Self.stateMethods.map { ConfigValue.pythonRepr(of: $0) }.joined(separator: ", ")
      throw Diagnostic(
        "selector-state", .runtime, "Got an invalid selector \"\(text)\", expected one of \"[\(list)]\"",
        hint: NearestName.of(text, among: Self.stateMethods).map { "did you mean '\($0)'?" })
    }
    if stateComparison == nil {
      stateComparison = StateComparison(new: manifest, old: old, comparesUnrendered: comparesUnrendered)
    }
    guard var comparison = stateComparison else { return IDSet(capacity: graph.count) }
    var out = IDSet(capacity: graph.count)
    for resource in graph.resources where members.contains(resource.graphID) {
      let before = old.graphResource(resource.uniqueID)
      if try comparison.matches(text, before, resource) { out.insert(resource.graphID) }
    }
    if text == "modified" || text == "unmodified" || text == "modified.contract" {
      try comparison.checkRemoved()
    }
    addWarnings(comparison.warnings)
    comparison.warnings = []
    stateComparison = comparison
    return out
  }
}

/// Resources of this manifest against those of an earlier one, by dbt's rules of what counts as a change.
struct StateComparison {
  private let new: Manifest
  private let old: Manifest
  private let modifiedMacros: Set<String>
  /// Whether a macro leads to a modified one, as far as found out.
  private var leads: [String: Bool] = [:]
  var warnings: [Diagnostic] = []
  private var reported: Set<String> = []

  /// Packages whose macros come with the program: dbt's and ours differ in text, and nobody's project changed.
  private static let builtIn: Set<String> = ["dbt", "dbt_postgres"]

  /// Whether sources are compared by what was written, not by what it came to (the flag
  /// `state_modified_compare_more_unrendered_values`).
  private let comparesUnrendered: Bool

  init(new: Manifest, old: Manifest, comparesUnrendered: Bool = false) {
    self.new = new
    self.old = old
    self.comparesUnrendered = comparesUnrendered
    var modified: Set<String> = []
    for macro in new.macros where !Self.builtIn.contains(macro.packageName) {
      if old.macros[macro.uniqueID]?.macroSQL != macro.macroSQL { modified.insert(macro.uniqueID) }
    }
    for macro in old.macros where !Self.builtIn.contains(macro.packageName) && new.macros[macro.uniqueID] == nil {
      modified.insert(macro.uniqueID)
    }
    modifiedMacros = modified
  }

  mutating func matches(
    _ method: String, _ old: GraphResource?, _ new: GraphResource
  ) throws(Diagnostic) -> Bool {
    switch method {
    case "new": return old == nil
    case "old": return old != nil
    case "modified": return try isModified(old, new)
    case "unmodified": return try !isModified(old, new)
    case "modified.body":
      guard let new = new as? Node else { return false }
      return (old as? Node).map { !sameBody(new, $0) } ?? true
    case "modified.configs":
      guard !(new is UnitTest) else { return false }
      return old.map { !sameConfig(new, $0) } ?? true
    case "modified.persisted_descriptions":
      guard let new = new as? Node else { return false }
      return (old as? Node).map { !samePersistedDescription(new, $0) } ?? true
    case "modified.relation":
      if let new = new as? Node { return (old as? Node).map { !sameRelation(new, $0) } ?? true }
      if let new = new as? SourceDefinition {
        return (old as? SourceDefinition).map { !sameRelation(new, $0) } ?? true
      }
      return false
    case "modified.macros": return try usesModifiedMacro(new)
    case "modified.contract":
      guard let new = new as? Node else { return false }
      guard let old = old as? Node else { return true }
      return try !sameContract(new, old)
    default: return false
    }
  }

  private mutating func isModified(_ old: GraphResource?, _ new: GraphResource) throws(Diagnostic) -> Bool {
    var modified = try !sameContents(new, old)
    if try usesModifiedMacro(new) { modified = true }
    if let old = old as? Node, old.resourceType == .model, let new = new as? Node, try !sameContract(new, old) {
      modified = true
    }
    return modified
  }

  // MARK: Macros

  private mutating func usesModifiedMacro(_ resource: GraphResource) throws(Diagnostic) -> Bool {
    guard !modifiedMacros.isEmpty, !(resource is SourceDefinition) else { return false }
    if let test = resource as? Node, let metadata = test.testMetadata,
      !test.dependsOn.macros.contains(where: { $0.hasSuffix(".test_\(metadata.name)") })
    {
      throw Diagnostic(
        "unknown-test", .compilation,
        "Node '\(test.name)' (in \(test.originalFilePath)) depends on a macro or test that does not exist. It may have "
          + "been removed while something still refers to it.", range: test.range,
        hint: "Check for typos, or install packages with `tenon deps`.")
    }
    for id in resource.dependsOn.macros where isModifiedOrLeads(id) { return true }
    return false
  }

  private mutating func isModifiedOrLeads(_ id: String) -> Bool {
    if modifiedMacros.contains(id) { return true }
    if let known = leads[id] { return known }
    // Everything reachable from here, without recursion; answers are kept for the start only, as members of a cycle
    // would otherwise learn half the truth.
    var seen: Set<String> = [id]
    var queue = [id]
    while let next = queue.popLast() {
      if modifiedMacros.contains(next) || leads[next] == true {
        leads[id] = true
        return true
      }
      if leads[next] == false { continue }
      for callee in new.macros[next]?.dependsOnMacros ?? [] where seen.insert(callee).inserted { queue.append(callee) }
    }
    for known in seen { leads[known] = false }
    return false
  }

  // MARK: Contents

  private mutating func sameContents(_ new: GraphResource, _ old: GraphResource?) throws(Diagnostic) -> Bool {
    switch new {
    case let node as Node:
      guard let old = old as? Node else { return false }
      if node.isGenericTest { return sameConfig(node, old) && node.fqn == old.fqn }
      let contract = try sameContract(node, old)
      guard
        sameBody(node, old), sameConfig(node, old), samePersistedDescription(node, old), node.fqn == old.fqn,
        sameRelation(node, old), contract
      else { return false }
      if node.resourceType == .model {
        return node.latestVersion == old.latestVersion && node.access == old.access
          && node.deprecationDate == old.deprecationDate
      }
      if node.resourceType == .function {
        return node.functionArguments == old.functionArguments && node.functionReturns == old.functionReturns
      }
      return true
    case let test as UnitTest:
      guard let old = old as? UnitTest else { return false }
      return test.checksum == old.checksum
    case let source as SourceDefinition:
      // What is new is not modified, for sources and what follows.
      guard let old = old as? SourceDefinition else { return true }
      return sameRelation(source, old) && source.fqn == old.fqn && sameConfig(source, old)
        && source.quoting == old.quoting && source.freshness == old.freshness
        && source.loadedAtField == old.loadedAtField && source.external == old.external
    case let exposure as Exposure:
      guard let old = old as? Exposure else { return true }
      return exposure.fqn == old.fqn && exposure.type == old.type && exposure.owner == old.owner
        && exposure.maturity == old.maturity && exposure.url == old.url && exposure.description == old.description
        && exposure.label == old.label && Set(exposure.dependsOn.nodes) == Set(old.dependsOn.nodes)
        && sameConfig(exposure, old)
    case let metric as Metric:
      guard let old = old as? Metric else { return true }
      return metric.type == old.type && metric.description == old.description && metric.label == old.label
        && sameConfig(metric, old)
    case let model as SemanticModel:
      guard let old = old as? SemanticModel else { return true }
      return model.model == old.model && model.description == old.description && model.defaults == old.defaults
        && model.entities == old.entities && model.dimensions == old.dimensions && model.measures == old.measures
        && sameConfig(model, old) && model.primaryEntity == old.primaryEntity && model.group == old.group
    case let query as SavedQuery:
      guard let old = old as? SavedQuery else { return true }
      let keys = ["metrics", "group_by", "where"]
      return keys.allSatisfy { query.queryParams[$0] == old.queryParams[$0] } && query.description == old.description
        && query.label == old.label && sameConfig(query, old) && query.group == old.group && query.tags == old.tags
        && sameExports(query, old)
    default: return true
    }
  }

  private func sameExports(_ new: SavedQuery, _ old: SavedQuery) -> Bool {
    let a = new.exports.asList ?? []
    let b = old.exports.asList ?? []
    guard a.count == b.count else { return false }
    for (x, y) in zip(a, b) {
      guard x.asDict?["name"] == y.asDict?["name"] else { return false }
      for key in ["export_as", "schema", "alias"] {
        if x.asDict?["unrendered_config"]?.asDict?[key] != y.asDict?["unrendered_config"]?.asDict?[key] { return false }
      }
    }
    return true
  }

  private mutating func sameBody(_ new: Node, _ old: Node) -> Bool {
    guard new.resourceType == .seed else { return new.rawCode == old.rawCode }
    let same = new.checksum.matches(old.checksum)
    if new.checksum.name == "path" { warnOfLargeSeed(new, old, same) }
    return same
  }

  private mutating func warnOfLargeSeed(_ new: Node, _ old: Node, _ same: Bool) {
    guard reported.insert("seed " + new.uniqueID).inserted else { return }
    let (code, message): (String, String)
    if old.checksum.name != "path" {
      code = "seed-increased"
      message =
        "Found a seed (\(new.packageName).\(new.name)) >1MB in size. The previous file was <=1MB, so it has changed"
    } else if same {
      code = "seed-same-path"
      message =
        "Found a seed (\(new.packageName).\(new.name)) >1MB in size at the same path, dbt cannot tell if it has "
        + "changed: assuming they are the same"
    } else {
      code = "seed-path-changed"
      message =
        "Found a seed (\(new.packageName).\(new.name)) >1MB in size. The previous file was in a different location, "
        + "assuming it has changed"
    }
    warnings.append(Diagnostic(code, .runtime, message, severity: .warning, range: new.range))
  }

  /// Unrendered configurations key by key; keys that only say where things go don't count.
  private func sameConfig(_ new: GraphResource, _ old: GraphResource) -> Bool {
    if new is SemanticModel || new is SavedQuery { return new.config.dict == old.config.dict }
    let a = new.unrenderedConfig
    let b = old.unrenderedConfig
    let schema = new.config.schema
    if new.resourceType == .test {
      let keys = [
        "severity", "where", "limit", "fail_calc", "warn_if", "error_if", "store_failures", "store_failures_as",
      ]
      return keys.allSatisfy { a[$0] == b[$0] }
    }
    func counts(_ name: String) -> Bool {
      guard let key = ConfigKey.named(name) else { return true }
      return schema.fields.first { $0.key == key }?.isCompared ?? true
    }
    for entry in a where counts(entry.key) {
      if b[entry.key] != entry.value { return false }
    }
    for entry in b where counts(entry.key) && a[entry.key] == nil { return false }
    return true
  }

  private func samePersistedDescription(_ new: Node, _ old: Node) -> Bool {
    let persist = new.config[.persistDocs].asDict ?? ConfigDict()
    if persist["relation"]?.isTrue ?? false, new.description != old.description { return false }
    if persist["columns"]?.isTrue ?? false {
      let a = Dictionary(new.columns.map { ($0.name, $0.description) }) { $1 }
      let b = Dictionary(old.columns.map { ($0.name, $0.description) }) { $1 }
      if a != b { return false }
    }
    return true
  }

  /// As configured, not as it came out for the target.
  private func sameRelation(_ new: Node, _ old: Node) -> Bool {
    for key in ["database", "schema", "alias"]
    where new.unrenderedConfig[key] ?? .null != old.unrenderedConfig[key] ?? .null {
      return false
    }
    return true
  }

  private func sameRelation(_ new: SourceDefinition, _ old: SourceDefinition) -> Bool {
    let isInPlace =
      comparesUnrendered
      ? new.unrenderedDatabase == old.unrenderedDatabase && new.unrenderedSchema == old.unrenderedSchema
      : new.database == old.database && new.schema == old.schema
    return isInPlace && new.identifier == old.identifier
  }

  // MARK: Contracts

  private mutating func sameContract(_ new: Node, _ old: Node) throws(Diagnostic) -> Bool {
    guard new.resourceType == .model else { return true }
    if !old.contract.enforced { return !new.contract.enforced }
    if new.contract.enforced, new.contract.checksum == old.contract.checksum { return true }
    let changes = ContractChanges.breaking(new, old)
    if !changes.isEmpty { try report(changes, new, isRemoval: false) }
    return false
  }

  /// Contracted models that are gone or switched off.
  mutating func checkRemoved() throws(Diagnostic) {
    for node in old.nodes where node.resourceType == .model {
      let gone: (Node, String)
      if let disabled = new.disabled[node.uniqueID].first as? Node {
        gone = (disabled, "disabled")
      } else if new.nodes[node.uniqueID] == nil {
        gone = (node, "deleted or renamed")
      } else {
        continue
      }
      guard gone.0.contract.enforced, !ContractChanges.isPastDeprecation(gone.0) else { continue }
      try report(["Contracted model '\(gone.0.uniqueID)' was \(gone.1)."], gone.0, isRemoval: true)
    }
  }

  private mutating func report(_ changes: [String], _ node: Node, isRemoval: Bool) throws(Diagnostic) {
    let reasons = changes.joined(separator: "\n  - ")
    if node.version != nil {
      throw Diagnostic(
        "contract-break", .contract,
        "While comparing to previous project state, dbt detected a breaking change to an enforced contract."
          + "\n  - \(reasons)\nConsider making an additive (non-breaking) change instead, if possible.\nOtherwise, "
          + "create a new model version: https://docs.getdbt.com/docs/collaborate/govern/model-versions",
        range: node.range)
    }
    guard reported.insert("contract " + node.uniqueID).inserted else { return }
    warnings.append(
      Diagnostic(
        "unversioned-breaking-change", .contract,
        "Breaking change to contracted, unversioned model \(node.name) (\(node.originalFilePath))"
          + "\nWhile comparing to previous project state, dbt detected a breaking change to an unversioned model."
          + "\n  - \(reasons)\n",
        severity: .warning, range: node.range))
  }
}
