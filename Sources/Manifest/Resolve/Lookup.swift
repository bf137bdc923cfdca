/// What a name led to.
public enum Resolution<R: Sendable>: Sendable {
  case found(R)
  /// It exists but is disabled.
  case disabled(R)
  case missing
}

/// A ref without a package that several packages could answer.
public struct AmbiguousRef: Error, Sendable {
  public var name: String
  public var uniqueIDs: [String]
}

/// Names to resources, as `ref`, `source`, `doc`, `metric` and `function` search them: the root project first, then
/// the package the reference stands in (or the other way round, by flag), then all.
///
/// Made once the tables are complete, immutable after that.
public final class Lookup: Sendable {
  private struct Named<R: Sendable>: Sendable {
    /// In the order the resources were added; a later one of the same package takes the place of an earlier one.
    var byPackage: [(package: String, resource: R)] = []
    /// What has the name, when nothing else has it.
    var only: R? { byPackage.count == 1 ? byPackage[0].resource : nil }
    mutating func set(_ package: String, _ resource: R) {
      if let i = byPackage.firstIndex(where: { $0.package == package }) {
        byPackage[i].resource = resource
      } else {
        byPackage.append((package, resource))
      }
    }
    func first(_ package: String?) -> R? {
      guard let package else { return byPackage.first?.resource }
      return byPackage.first { $0.package == package }?.resource
    }
  }

  private struct Disabled: Sendable {
    var byPackage: [(package: String, resources: [GraphResource])] = []
    mutating func add(_ resource: GraphResource) {
      if let i = byPackage.firstIndex(where: { $0.package == resource.packageName }) {
        byPackage[i].resources.append(resource)
      } else {
        byPackage.append((resource.packageName, [resource]))
      }
    }
    func all(_ package: String?) -> [GraphResource] {
      guard let package else { return byPackage.first?.resources ?? [] }
      return byPackage.first { $0.package == package }?.resources ?? []
    }
  }

  public let rootProject: String
  public let searchesNodePackageFirst: Bool
  private let refables: [String: Named<Node>]
  private let sources: [String: Named<SourceDefinition>]
  private let docs: [String: Named<Documentation>]
  private let metrics: [String: Named<Metric>]
  private let functions: [String: Named<Node>]
  private let disabled: [String: Disabled]

  /// - Parameter searchesNodePackageFirst: the flag `require_ref_searches_node_package_before_root`.
  public init(_ manifest: Manifest, rootProject: String, searchesNodePackageFirst: Bool = false) {
    self.rootProject = rootProject
    self.searchesNodePackageFirst = searchesNodePackageFirst
    var refables: [String: Named<Node>] = Dictionary(minimumCapacity: manifest.nodes.count)
    for node in manifest.nodes where node.isRefable {
      if node.isVersioned {
        refables[node.searchName, default: Named()].set(node.packageName, node)
        if node.isLatestVersion {
          refables[node.name, default: Named()].set(node.packageName, node)
        } else if refables[node.name] == nil {
          refables[node.name] = Named()
        }
      } else {
        refables[node.name, default: Named()].set(node.packageName, node)
      }
    }
    self.refables = refables
    self.sources = Self.table(manifest.sources)
    self.metrics = Self.table(manifest.metrics)
    self.functions = Self.table(manifest.functions)
    var docs: [String: Named<Documentation>] = [:]
    for doc in manifest.docs { docs[doc.name, default: Named()].set(doc.packageName, doc) }
    self.docs = docs
    var disabled: [String: Disabled] = [:]
    for group in manifest.disabled.groups {
      for resource in group.resources { disabled[resource.searchName, default: Disabled()].add(resource) }
    }
    self.disabled = disabled
  }

  private static func table<R: GraphResource>(_ table: ResourceTable<R>) -> [String: Named<R>] {
    var out: [String: Named<R>] = Dictionary(minimumCapacity: table.count)
    for resource in table { out[resource.searchName, default: Named()].set(resource.packageName, resource) }
    return out
  }

  /// The packages to search, nil meaning any.
  private func candidates(from package: String, target: String?) -> [String?] {
    if let target { return [target] }
    if package == rootProject { return [rootProject, nil] }
    return searchesNodePackageFirst ? [package, rootProject, nil] : [rootProject, package, nil]
  }

  /// - Parameter package: of the resource that holds the ref.
  public func ref(_ ref: RefArgs, from package: String) throws(AmbiguousRef) -> Resolution<Node> {
    let key = ref.version.map { "\(ref.name).v\($0.text)" } ?? ref.name
    // The plain case, asked for with every reference: one resource of the name, in the package that is searched first.
    if let only = refables[key]?.only, only.config.enabled,
      only.packageName == ref.package ?? (searchesNodePackageFirst ? package : rootProject)
    {
      return .found(only)
    }
    return try search(key, ref, from: package)
  }

  private func search(_ key: String, _ ref: RefArgs, from package: String) throws(AmbiguousRef) -> Resolution<Node> {
    let named = refables[key]
    var off: Node?
    for candidate in candidates(from: package, target: ref.package) {
      if let named {
        if candidate == nil, named.byPackage.count > 1 {
          throw AmbiguousRef(name: key, uniqueIDs: named.byPackage.map(\.resource.uniqueID))
        }
        if let node = named.first(candidate), node.config.enabled { return .found(node) }
      }
      if off == nil {
        off = disabled[key]?.all(candidate).first { $0.resourceType.isRefable } as? Node
      }
    }
    return off.map { .disabled($0) } ?? .missing
  }

  public func source(_ source: String, _ table: String, from package: String) -> Resolution<SourceDefinition> {
    find(sources, "\(source).\(table)", candidates(from: package, target: nil))
  }

  public func metric(_ name: String, package target: String?, from package: String) -> Resolution<Metric> {
    find(metrics, name, candidates(from: package, target: target))
  }

  public func function(_ name: String, package target: String?, from package: String) -> Resolution<Node> {
    find(functions, name, candidates(from: package, target: target))
  }

  public func doc(_ name: String, package target: String?, from package: String) -> Documentation? {
    guard let named = docs[name] else { return nil }
    for candidate in candidates(from: package, target: target) {
      if let doc = named.first(candidate) { return doc }
    }
    return nil
  }

  private func find<R: GraphResource>(
    _ table: [String: Named<R>], _ name: String, _ candidates: [String?]
  ) -> Resolution<R> {
    var off: R?
    for candidate in candidates {
      if let resource = table[name]?.first(candidate), resource.config.enabled { return .found(resource) }
      if off == nil { off = disabled[name]?.all(candidate).first as? R }
    }
    return off.map { .disabled($0) } ?? .missing
  }

  /// The node of a name in one package, enabled or not, as properties files and unit tests look for it.
  public func node(_ name: String, package: String?, version: NodeVersion? = nil) -> Node? {
    let key = version.map { "\(name).v\($0.text)" } ?? name
    return refables[key]?.first(package)
  }

  /// The first disabled node of a name.
  public func disabledNode(_ name: String, package: String?) -> Node? {
    disabled[name]?.all(package).first { $0 is Node } as? Node
  }

  // Names for hints.
  public var refNames: [String] { refables.keys.map { $0 } }
  public var sourceNames: [String] { sources.keys.map { $0 } }
  public var docNames: [String] { docs.keys.map { $0 } }
  public var metricNames: [String] { metrics.keys.map { $0 } }
  public var functionNames: [String] { functions.keys.map { $0 } }
}
