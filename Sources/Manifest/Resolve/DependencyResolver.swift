import Diagnostics

/// Fills every resource's `dependsOn.nodes` from its refs, sources, metrics and functions.
///
/// Resources are resolved in parallel; what is wrong is reported for all of them, in the order of the tables.
public struct DependencyResolver: Sendable {
  public let lookup: Lookup
  /// Packages with `restrict-access: true`.
  public let restrictedPackages: Set<String>

  public init(_ lookup: Lookup, restrictedPackages: Set<String> = []) {
    self.lookup = lookup
    self.restrictedPackages = restrictedPackages
  }

  /// What resolving found: problems, and resources that must not run because something they need is not there.
  /// Those are switched off after all threads are done: others may be looking at them.
  public struct Findings: Sendable {
    public var diagnostics: [Diagnostic] = []
    public var disabled: [GraphResource] = []
    public init() {}
  }

  /// Call it when the tables are complete (unit tests expanded to versions).
  public func resolve(_ manifest: Manifest) -> [Diagnostic] {
    var found: [Findings] = []
    found += each(manifest.nodes.items) { node, out in
      guard node.resourceType != .seed else { return }
      self.sources(of: node, &out)
      self.refs(of: node, &out)
      self.metrics(node.metrics, of: node, &out)
      self.functions(of: node, &out)
    }
    // dbt does not look at the sources of functions.
    found += each(manifest.functions.items) { node, out in
      self.refs(of: node, &out)
      self.functions(of: node, &out)
    }
    found += each(manifest.exposures.items) { exposure, out in
      self.sources(of: exposure, &out)
      self.refs(of: exposure, &out)
      self.metrics(exposure.metrics, of: exposure, &out)
    }
    found += each(manifest.semanticModels.items) { model, out in
      self.refs(of: model, &out)
      self.placeRelation(of: model, manifest)
    }
    found += each(manifest.metrics.items) { metric, out in self.refs(of: metric, &out) }
    var inputs = Findings()
    MetricResolver(manifest, lookup).resolve(&inputs.diagnostics)
    for metric in manifest.metrics { metrics(metric.metrics, of: metric, &inputs) }
    found.append(inputs)
    found += each(manifest.savedQueries.items) { query, out in
      let names = query.queryParams["metrics"]?.asStrings ?? []
      self.metrics(names.map { [$0] }, of: query, &out)
    }
    for resource in found.flatMap(\.disabled) { resource.config[.enabled] = false }
    return found.flatMap(\.diagnostics)
  }

  private func each<R: GraphResource>(
    _ items: [R], _ body: @Sendable (R, inout Findings) -> Void
  ) -> [Findings] {
    Parallel.chunks(of: items.count) { range in
      var out = Findings()
      for i in range { body(items[i], &out) }
      return out
    }
  }

  // MARK: One resource

  /// Also used for what is added later, such as an inline query.
  public func refs(of node: GraphResource, _ out: inout Findings) {
    for ref in node.refs {
      let resolution: Resolution<Node>
      do throws(AmbiguousRef) {
        resolution = try lookup.ref(ref, from: node.packageName)
      } catch {
        out.diagnostics.append(ResolveMessages.ambiguous(node, error))
        continue
      }
      guard case .found(let target) = resolution else {
        let isDisabled = if case .disabled = resolution { true } else { false }
        out.disabled.append(node)
        out.diagnostics.append(
          ResolveMessages.missing(
            node, kind: "node", name: ref.name, package: ref.package, version: ref.version, isDisabled: isDisabled,
            among: isDisabled ? [] : lookup.refNames))
        continue
      }
      if let problem = accessProblem(node, target) {
        out.diagnostics.append(problem)
        continue
      }
      if node.packageName != lookup.rootProject, target.packageName == lookup.rootProject,
        ref.package != lookup.rootProject, !lookup.searchesNodePackageFirst
      {
        out.diagnostics.append(ResolveMessages.packageDependsOnRoot(node, target))
      }
      node.dependsOn.addNode(target.uniqueID)
    }
  }

  public func sources(of node: GraphResource, _ out: inout Findings) {
    for source in node.sources where source.count == 2 {
      let resolution = lookup.source(source[0], source[1], from: node.packageName)
      guard case .found(let target) = resolution else {
        let isDisabled = if case .disabled = resolution { true } else { false }
        out.disabled.append(node)
        out.diagnostics.append(
          ResolveMessages.missing(
            node, kind: "source", name: "\(source[0]).\(source[1])", isDisabled: isDisabled,
            among: isDisabled ? [] : lookup.sourceNames))
        continue
      }
      node.dependsOn.addNode(target.uniqueID)
    }
  }

  private func metrics(_ metrics: [[String]], of node: GraphResource, _ out: inout Findings) {
    for metric in metrics {
      guard let name = metric.last else { continue }
      let package = metric.count == 2 ? metric[0] : nil
      let resolution = lookup.metric(name, package: package, from: node.packageName)
      guard case .found(let target) = resolution else {
        let isDisabled = if case .disabled = resolution { true } else { false }
        out.disabled.append(node)
        out.diagnostics.append(
          ResolveMessages.missing(
            node, kind: "metric", name: name, package: package, isDisabled: isDisabled,
            among: isDisabled ? [] : lookup.metricNames))
        continue
      }
      node.dependsOn.addNode(target.uniqueID)
    }
  }

  public func functions(of node: GraphResource, _ out: inout Findings) {
    for function in node.functions {
      guard let name = function.last else { continue }
      let package = function.count == 2 ? function[0] : nil
      let resolution = lookup.function(name, package: package, from: node.packageName)
      guard case .found(let target) = resolution else {
        let isDisabled = if case .disabled = resolution { true } else { false }
        out.disabled.append(node)
        out.diagnostics.append(
          ResolveMessages.missing(
            node, kind: "function", name: name, package: package, isDisabled: isDisabled,
            among: isDisabled ? [] : lookup.functionNames))
        continue
      }
      node.dependsOn.addNode(target.uniqueID)
    }
  }

  /// Whether a node may ref a model: private ones only from their group, protected ones of a package with restricted
  /// access only from that package.
  public func accessProblem(_ node: GraphResource, _ target: Node) -> Diagnostic? {
    guard target.resourceType == .model, node.resourceType != .sqlOperation, node.resourceType != .rpc else {
      return nil
    }
    let crosses = node.packageName != target.packageName && restrictedPackages.contains(target.packageName)
    switch target.access {
    case .public: return nil
    case .protected: return crosses ? ResolveMessages.access(node, target, scope: target.packageName) : nil
    case .private:
      // Kinds without a group can't be in one.
      let group = node.resourceType == .exposure || node.resourceType == .unitTest ? nil : node.group
      guard let group, !group.isEmpty, group == target.group, !crosses else {
        return ResolveMessages.access(node, target, scope: target.group ?? "")
      }
      return nil
    }
  }

  private func placeRelation(of model: SemanticModel, _ manifest: Manifest) {
    guard let id = model.dependsOn.nodes.first, let node = manifest.nodes[id] else { return }
    model.nodeRelation = [
      "alias": .string(node.alias), "schema_name": .optional(node.schema), "database": .optional(node.database),
      "relation_name": .optional(node.relationName),
    ]
  }
}
