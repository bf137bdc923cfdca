import Diagnostics

/// Lists of integers for each of `count` keys, in one array (compressed sparse rows).
public struct Adjacency: Sendable {
  /// `targets[offsets[i]..<offsets[i + 1]]` belong to `i`.
  public let offsets: [Int32]
  public let targets: [Int32]

  /// From pairs `(from[i], to[i])`; the order of each key's targets is that of the pairs.
  init(count: Int, from: [Int32], to: [Int32]) {
    var offsets = [Int32](repeating: 0, count: count + 1)
    for key in from { offsets[Int(key) + 1] += 1 }
    for i in 0..<count { offsets[i + 1] += offsets[i] }
    var next = offsets
    var targets = [Int32](repeating: 0, count: to.count)
    for i in from.indices {
      let key = Int(from[i])
      targets[Int(next[key])] = to[i]
      next[key] += 1
    }
    self.offsets = offsets
    self.targets = targets
  }

  @inlinable public subscript(_ key: Int32) -> ArraySlice<Int32> {
    targets[Int(offsets[Int(key)])..<Int(offsets[Int(key) + 1])]
  }

  @inlinable public func degree(_ key: Int32) -> Int { Int(offsets[Int(key) + 1] - offsets[Int(key)]) }
}

/// The dependency graph of a manifest: every resource is a number, every edge goes from what is needed to what needs
/// it. Immutable; made once after references are resolved.
public final class Graph: Sendable {
  /// By number: sources, nodes, semantic models, exposures, functions, metrics, unit tests, saved queries, each in
  /// the manifest's order.
  public let resources: [GraphResource]
  /// `children[i]`: what needs `i`.
  public let children: Adjacency
  /// `parents[i]`: what `i` needs, in the order of `dependsOn.nodes`.
  public let parents: Adjacency
  private let numbers: GraphNumbers

  public var count: Int { resources.count }

  /// Numbers the resources (`graphID`, `parents`) and builds the edges.
  /// - Throws: when a resource needs something that is no member of the graph.
  public init(_ manifest: Manifest) throws(Diagnostic) {
    var resources: [GraphResource] = []
    resources.reserveCapacity(
      manifest.sources.count + manifest.nodes.count + manifest.exposures.count + manifest.unitTests.count
        + manifest.metrics.count + manifest.functions.count + 16)
    resources.append(contentsOf: manifest.sources.items)
    resources.append(contentsOf: manifest.nodes.items)
    resources.append(contentsOf: manifest.semanticModels.items)
    resources.append(contentsOf: manifest.exposures.items)
    resources.append(contentsOf: manifest.functions.items)
    resources.append(contentsOf: manifest.metrics.items)
    resources.append(contentsOf: manifest.unitTests.items)
    resources.append(contentsOf: manifest.savedQueries.items)
    let numbers = GraphNumbers(manifest)
    for (i, resource) in resources.enumerated() { resource.graphID = Int32(i) }
    var from: [Int32] = []
    var to: [Int32] = []
    for resource in resources {
      var parents: [Int32] = []
      parents.reserveCapacity(resource.dependsOn.nodes.count)
      for id in resource.dependsOn.nodes {
        guard let parent = numbers.number(of: id) else {
          throw Diagnostic(
            "missing-dependency", .compilation,
            "'\(resource.uniqueID)' depends on '\(id)' which is not in the graph!", range: resource.range)
        }
        parents.append(parent)
        from.append(parent)
        to.append(resource.graphID)
      }
      resource.parents = parents
    }
    self.resources = resources
    self.numbers = numbers
    children = Adjacency(count: resources.count, from: from, to: to)
    parents = Adjacency(count: resources.count, from: to, to: from)
  }

  public func id(of uniqueID: String) -> Int32? { numbers.number(of: uniqueID) }
  public subscript(_ id: Int32) -> GraphResource { resources[Int(id)] }

  /// Unique ids of a set, sorted as Python sorts them.
  public func uniqueIDs(_ set: IDSet) -> [String] {
    set.members.map { self[$0].uniqueID }.sorted(by: isOrdered)
  }
}

/// The numbers of resources by their ids: the places that the manifest's tables have for them, one table after the other.
private struct GraphNumbers: Sendable {
  private let sources: ResourceTable<SourceDefinition>
  private let nodes: ResourceTable<Node>
  private let semanticModels: ResourceTable<SemanticModel>
  private let exposures: ResourceTable<Exposure>
  private let functions: ResourceTable<Node>
  private let metrics: ResourceTable<Metric>
  private let unitTests: ResourceTable<UnitTest>
  private let savedQueries: ResourceTable<SavedQuery>

  init(_ manifest: Manifest) {
    (sources, nodes) = (manifest.sources, manifest.nodes)
    (semanticModels, exposures, functions) = (manifest.semanticModels, manifest.exposures, manifest.functions)
    (metrics, unitTests, savedQueries) = (manifest.metrics, manifest.unitTests, manifest.savedQueries)
  }

  func number(of id: String) -> Int32? {
    var first = sources.count
    // Most are nodes.
    if let place = nodes.position(of: id) { return Int32(first + place) }
    if let place = sources.position(of: id) { return Int32(place) }
    first += nodes.count
    if let place = semanticModels.position(of: id) { return Int32(first + place) }
    first += semanticModels.count
    if let place = exposures.position(of: id) { return Int32(first + place) }
    first += exposures.count
    if let place = functions.position(of: id) { return Int32(first + place) }
    first += functions.count
    if let place = metrics.position(of: id) { return Int32(first + place) }
    first += metrics.count
    if let place = unitTests.position(of: id) { return Int32(first + place) }
    first += unitTests.count
    return savedQueries.position(of: id).map { Int32(first + $0) }
  }
}

/// A set of graph numbers: one bit each.
public struct IDSet: Sendable, Equatable {
  @usableFromInline var words: [UInt64]
  public let capacity: Int

  /// An empty set of numbers below `capacity`.
  public init(capacity: Int) {
    self.capacity = capacity
    words = [UInt64](repeating: 0, count: (capacity + 63) / 64)
  }

  public init(capacity: Int, _ members: some Sequence<Int32>) {
    self.init(capacity: capacity)
    for member in members { insert(member) }
  }

  @inlinable public func contains(_ id: Int32) -> Bool { words[Int(id) >> 6] & (1 << (UInt64(id) & 63)) != 0 }

  /// True when it was not there before.
  @discardableResult @inlinable public mutating func insert(_ id: Int32) -> Bool {
    let bit: UInt64 = 1 << (UInt64(id) & 63)
    let word = Int(id) >> 6
    if words[word] & bit != 0 { return false }
    words[word] |= bit
    return true
  }

  @inlinable public mutating func remove(_ id: Int32) { words[Int(id) >> 6] &= ~(1 << (UInt64(id) & 63)) }

  public mutating func formUnion(_ other: IDSet) { for i in words.indices { words[i] |= other.words[i] } }
  public mutating func formIntersection(_ other: IDSet) { for i in words.indices { words[i] &= other.words[i] } }
  public mutating func subtract(_ other: IDSet) { for i in words.indices { words[i] &= ~other.words[i] } }
  public func union(_ other: IDSet) -> IDSet {
    var out = self
    out.formUnion(other)
    return out
  }

  public var isEmpty: Bool { words.allSatisfy { $0 == 0 } }
  public var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// In ascending order.
  public var members: [Int32] {
    var out: [Int32] = []
    out.reserveCapacity(count)
    for (i, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        out.append(Int32(i * 64 + rest.trailingZeroBitCount))
        rest &= rest - 1
      }
    }
    return out
  }
}
