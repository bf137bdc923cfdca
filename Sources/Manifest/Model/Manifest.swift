import Project

/// Everything a project and its packages define: the parse phase fills it, everything after reads it.
public final class Manifest: @unchecked Sendable {
  public var metadata = ManifestMetadata()
  /// Models, seeds, snapshots, analyses, tests, hooks.
  public var nodes = ResourceTable<Node>()
  public var sources = ResourceTable<SourceDefinition>()
  public var macros = ResourceTable<Macro>()
  public var docs = ResourceTable<Documentation>()
  public var exposures = ResourceTable<Exposure>()
  public var metrics = ResourceTable<Metric>()
  public var groups = ResourceTable<Group>()
  public var savedQueries = ResourceTable<SavedQuery>()
  public var semanticModels = ResourceTable<SemanticModel>()
  public var unitTests = ResourceTable<UnitTest>()
  /// Functions are nodes in a table of their own.
  public var functions = ResourceTable<Node>()
  /// Selector definitions by name, as selectors.yml normalizes them.
  public var selectors = ConfigDict()
  /// Disabled resources by unique id, in the order found; one id may be disabled several times.
  public var disabled = DisabledTable()

  public init() {}

  /// Any graph member by its unique id.
  public func graphResource(_ uniqueID: String) -> GraphResource? {
    if let node = nodes[uniqueID] { return node }
    if let source = sources[uniqueID] { return source }
    if let exposure = exposures[uniqueID] { return exposure }
    if let metric = metrics[uniqueID] { return metric }
    if let function = functions[uniqueID] { return function }
    if let semanticModel = semanticModels[uniqueID] { return semanticModel }
    if let savedQuery = savedQueries[uniqueID] { return savedQuery }
    if let unitTest = unitTests[uniqueID] { return unitTest }
    return nil
  }
}

/// Resources of one kind in the order they were added, found by unique id.
public struct ResourceTable<R: Resource>: Sequence, Sendable {
  public private(set) var items: [R] = []
  private var index: [String: Int] = [:]

  public init() {}

  public var count: Int { items.count }
  public var isEmpty: Bool { items.isEmpty }
  public subscript(_ uniqueID: String) -> R? { index[uniqueID].map { items[$0] } }
  public subscript(at position: Int) -> R { items[position] }
  public func position(of uniqueID: String) -> Int? { index[uniqueID] }

  public mutating func reserveCapacity(_ n: Int) {
    items.reserveCapacity(n)
    index.reserveCapacity(n)
  }

  /// Adds a resource; when the id is taken nothing changes and the one that holds it is returned.
  @discardableResult public mutating func add(_ resource: R) -> R? {
    if let taken = index[resource.uniqueID] { return items[taken] }
    index[resource.uniqueID] = items.count
    items.append(resource)
    return nil
  }

  /// Adds a resource, or puts it in the place of the one with its id.
  public mutating func set(_ resource: R) {
    if let taken = index[resource.uniqueID] {
      items[taken] = resource
    } else {
      add(resource)
    }
  }

  @discardableResult public mutating func remove(_ uniqueID: String) -> R? {
    guard let position = index[uniqueID] else { return nil }
    let removed = items[position]
    removeAll { $0 === removed }
    return removed
  }

  /// Removes all that match in one pass, and returns them.
  @discardableResult public mutating func removeAll(where matches: (R) -> Bool) -> [R] {
    var removed: [R] = []
    var kept: [R] = []
    kept.reserveCapacity(items.count)
    for item in items {
      if matches(item) { removed.append(item) } else { kept.append(item) }
    }
    guard !removed.isEmpty else { return [] }
    items = kept
    index.removeAll(keepingCapacity: true)
    for (position, item) in items.enumerated() { index[item.uniqueID] = position }
    return removed
  }

  public func makeIterator() -> IndexingIterator<[R]> { items.makeIterator() }
}

/// Disabled resources, grouped by unique id.
public struct DisabledTable: Sendable {
  public private(set) var groups: [(uniqueID: String, resources: [GraphResource])] = []
  private var index: [String: Int] = [:]

  public init() {}

  public subscript(_ uniqueID: String) -> [GraphResource] { index[uniqueID].map { groups[$0].resources } ?? [] }
  public var isEmpty: Bool { groups.isEmpty }

  public mutating func add(_ resource: GraphResource) {
    if let position = index[resource.uniqueID] {
      groups[position].resources.append(resource)
    } else {
      index[resource.uniqueID] = groups.count
      groups.append((resource.uniqueID, [resource]))
    }
  }
}

/// What the manifest says about the invocation that made it.
public struct ManifestMetadata: Sendable {
  public var schemaVersion = "https://schemas.getdbt.com/dbt/manifest/v12.json"
  /// The dbt version the artifacts claim to be compatible with.
  public var dbtVersion = "1.11.16"
  /// ISO 8601 with microseconds and Z.
  public var generatedAt = ""
  public var invocationID: String?
  public var invocationStartedAt: String?
  /// `DBT_ENV_CUSTOM_ENV_*` without the prefix.
  public var env: [(name: String, value: String)] = []
  public var projectName: String?
  /// md5 of the project's name.
  public var projectID: String?
  public var userID: String?
  public var sendAnonymousUsageStats: Bool?
  public var adapterType: String?
  public var quoting = Quoting()
  public var runStartedAt: String?
  public init() {}
}
