import Diagnostics

extension NodeSelector {
  /// The enabled members one criterion finds, without neighbours.
  func search(_ criteria: SelectionCriteria) throws(Diagnostic) -> IDSet {
    let text = criteria.value.pythonString
    switch criteria.method {
    case .fqn:
      let pattern = FQNPattern(text)
      return find { resource in
        resource.resourceType != .source
          && pattern.matches(resource.fqn, isVersioned: (resource as? Node)?.isVersioned ?? false)
      }
    case .tag:
      let pattern = Wildcard(text)
      return find { resource in
        let tags = resource.resourceType == .unitTest ? resource.config.tags : resource.tags
        return tags.contains { pattern.matches($0) }
      }
    case .group:
      let pattern = Wildcard(text)
      return find { resource in
        guard Self.isListedNode(resource) || resource is Metric else { return false }
        guard let group = resource.config.group, !group.isEmpty else { return false }
        return pattern.matches(group)
      }
    case .access:
      return find { ($0 as? Node).map { $0.resourceType == .model && $0.access.rawValue == text } ?? false }
    case .source: return try sources(text)
    case .exposure: return try named(text, .exposure, "exposure", "Exposures", "exposure", "exposure_package")
    case .metric: return try named(text, .metric, "metric", "Metrics", "metric", "metric_package")
    case .semanticModel:
      return try named(
        text, .semanticModel, "semantic model", "Semantic models", "semantic_model", "semantic_model_package")
    case .savedQuery:
      return try named(text, .savedQuery, "saved query", "Saved queries", "saved_query", "saved_query_package")
    case .unitTest:
      return try named(text, .unitTest, "unit test", "Saved queries", "unit_test", "unit_test_package_name")
    case .path:
      var pattern = try PathPattern(text, root: projectRoot)
      return find { pattern.matches($0) }
    case .file:
      let pattern = Wildcard(text)
      return find { resource in
        let name = NodePaths.lastPart(resource.originalFilePath)
        return pattern.matches(name) || pattern.matches(FQN.withoutExtension(name))
      }
    case .package:
      let pattern = Wildcard(text == "this" ? manifest.metadata.projectName ?? text : text)
      return find { pattern.matches($0.packageName) }
    case .config:
      let matcher = ConfigMatcher(criteria.arguments, criteria.value)
      return find { ($0.resourceType == .source || Self.isListedNode($0)) && matcher.matches($0.config) }
    case .testName:
      let pattern = Wildcard(text)
      return find { resource in
        if let metadata = (resource as? Node)?.testMetadata { return pattern.matches(metadata.name) }
        return resource.resourceType == .unitTest && pattern.matches(resource.name)
      }
    case .testType: return try testType(text)
    case .resourceType:
      guard let type = ResourceType(rawValue: text) else {
        throw Diagnostic(
          "selector-resource-type", .runtime, "Invalid resource_type selector \"\(text)\"",
          hint: NearestName.of(text, among: ResourceType.allCases.map(\.rawValue)).map { "did you mean '\($0)'?" })
      }
      return find { $0.resourceType == type }
    case .version: return try version(text)
    case .state: return try compareState(text)
    case .result:
      guard let results = state?.results else {
        throw Diagnostic("selector-state", .internal, "No comparison run_results")
      }
      let matches = Set(results.filter { $0.status == text }.map(\.uniqueID))
      return find { matches.contains($0.uniqueID) }
    case .sourceStatus: return try sourceStatus(text)
    }
  }

  private func find(_ matches: (GraphResource) -> Bool) -> IDSet {
    var out = IDSet(capacity: graph.count)
    for resource in graph.resources where members.contains(resource.graphID) && matches(resource) {
      out.insert(resource.graphID)
    }
    return out
  }

  /// What dbt keeps under `nodes`: functions are nodes here but not there.
  private static func isListedNode(_ resource: GraphResource) -> Bool {
    resource is Node && resource.resourceType != .function
  }

  private func sources(_ text: String) throws(Diagnostic) -> IDSet {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 3 else {
      throw Diagnostic(
        "selector-value", .runtime,
        "Invalid source selector value \"\(text)\". Sources must be of the form `${source_name}`, "
          + "`${source_name}.${target_name}`, or `${package_name}.${source_name}.${target_name}")
    }
    let package = Wildcard(parts.count == 3 ? parts[0] : "*")
    let source = Wildcard(parts.count == 3 ? parts[1] : parts[0])
    let table = Wildcard(parts.count == 1 ? "*" : parts[parts.count - 1])
    return find { resource in
      guard let definition = resource as? SourceDefinition else { return false }
      return package.matches(definition.packageName) && source.matches(definition.sourceName)
        && table.matches(definition.name)
    }
  }

  private func named(
    _ text: String, _ type: ResourceType, _ title: String, _ plural: String, _ word: String, _ packageWord: String
  ) throws(Diagnostic) -> IDSet {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2 else {
      throw Diagnostic(
        "selector-value", .runtime,
        "Invalid \(title) selector value \"\(text)\". \(plural) must be of the form ${\(word)_name} or "
          + "${\(packageWord).\(word)_name}")
    }
    let package = Wildcard(parts.count == 2 ? parts[0] : "*")
    let name = Wildcard(parts[parts.count - 1])
    return find { $0.resourceType == type && package.matches($0.packageName) && name.matches($0.name) }
  }

  private func testType(_ text: String) throws(Diagnostic) -> IDSet {
    // Except for the first two, dbt asks whether the text is part of the word.
    let wantsGeneric: Bool
    let wantsSingular: Bool
    var wantsUnit = false
    if text == "generic" || text == "schema" {
      (wantsGeneric, wantsSingular) = (true, false)
    } else if "data".containsText(text) {
      (wantsGeneric, wantsSingular) = (true, true)
    } else if "singular".containsText(text) {
      (wantsGeneric, wantsSingular) = (false, true)
    } else if "unit".containsText(text) {
      (wantsGeneric, wantsSingular, wantsUnit) = (false, false, true)
    } else {
      throw Diagnostic(
        "selector-value", .runtime,
        "Invalid test type selector \(text): expected \"generic\", \"singular\", \"unit\", or \"data\"")
    }
    return find { resource in
      if resource.resourceType == .unitTest { return wantsUnit }
      guard resource.resourceType == .test, let node = resource as? Node else { return false }
      return node.isGenericTest ? wantsGeneric : wantsSingular
    }
  }

  private func version(_ text: String) throws(Diagnostic) -> IDSet {
    let matches: (Node) -> Bool
    switch text {
    case "latest": matches = { $0.isLatestVersion }
    case "prerelease": matches = { Self.compare($0) { NodeVersion.isOrdered($1, before: $0) } }
    case "old": matches = { Self.compare($0) { NodeVersion.isOrdered($0, before: $1) } }
    case "none": matches = { $0.version == nil }
    default:
      throw Diagnostic(
        "selector-value", .runtime,
        "Invalid version type selector \(text): expected one of: \"latest\", \"prerelease\", \"old\", or \"none\"")
    }
    return find { ($0 as? Node).map { $0.resourceType == .model && matches($0) } ?? false }
  }

  /// Versions that Python takes as false (0 and the empty text) are no versions here.
  private static func compare(_ node: Node, _ order: (NodeVersion, NodeVersion) -> Bool) -> Bool {
    guard let version = node.version, let latest = node.latestVersion, version.value.isTrue, latest.value.isTrue else {
      return false
    }
    return order(version, latest)
  }

  private func sourceStatus(_ text: String) throws(Diagnostic) -> IDSet {
    guard let before = state?.sources else {
      throw Diagnostic(
        "selector-state", .internal, "No previous state comparison freshness results in sources.json")
    }
    guard let now = state?.currentSources else {
      throw Diagnostic("selector-state", .internal, "No current state comparison freshness results in sources.json")
    }
    var matches: Set<String> = []
    if text == "fresher" {
      for (id, loaded) in now {
        // A source that could not be checked now is not fresher.
        guard let loaded else { continue }
        guard let known = before[id] else {
          matches.insert(id)
          continue
        }
        if let known, known < loaded { matches.insert(id) }
        if known == nil { matches.insert(id) }
      }
    }
    return find { matches.contains($0.uniqueID) }
  }
}

extension String {
  /// Python's `text in self`: the empty text is in everything.
  func containsText(_ text: String) -> Bool { text.isEmpty || range(of: text) != nil }
}

/// `config.a.b:value`.
struct ConfigMatcher {
  private let path: [String]
  private let value: ConfigValue
  private let text: String
  private let isSeverity: Bool

  init(_ path: [String], _ value: ConfigValue) {
    self.path = path
    self.value = value
    text = value.pythonString.lowercased()
    isSeverity = path == ["severity"]
  }

  func matches(_ config: NodeConfig) -> Bool {
    guard let first = path.first, let top = config[name: first] else { return false }
    var found = top
    for key in path.dropFirst() {
      guard case .dict(let dict) = found, let next = dict[key] else { return false }
      found = next
    }
    if case .list(let items) = found {
      return items.contains {
        isEqual($0) || (text == "true" && $0 == .bool(true)) || (text == "false" && $0 == .bool(false))
      }
    }
    if case .bool(let flag) = found { return isEqual(found) || text == (flag ? "true" : "false") }
    return isEqual(found)
  }

  private func isEqual(_ other: ConfigValue) -> Bool {
    if isSeverity, case .string(let severity) = other { return severity.lowercased() == text }
    return other == value
  }
}
