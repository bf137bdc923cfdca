import Diagnostics

/// Turns a selection into the set of graph members it means.
public final class NodeSelector {
  let graph: Graph
  let manifest: Manifest
  let state: PreviousState?
  let projectRoot: String?
  /// Everything that is enabled: only that can be selected, and only along that the graph is walked.
  let members: IDSet
  private let testable: IDSet
  /// Warnings about criteria that match nothing and about contracts that were broken, in the order found.
  public private(set) var warnings: [Diagnostic] = []
  /// The criteria, as written, that match no node.
  public private(set) var unmatched: [String] = []
  var stateComparison: StateComparison?
  /// The flag `state_modified_compare_more_unrendered_values`.
  public var comparesUnrendered = false

  /// - Parameters:
  ///   - projectRoot: the root project's folder, where `path:` looks; nil takes every path as existing.
  ///   - state: what `state:`, `result:` and `source_status:` compare with.
  public init(graph: Graph, manifest: Manifest, projectRoot: String? = nil, state: PreviousState? = nil) {
    self.graph = graph
    self.manifest = manifest
    self.projectRoot = projectRoot
    self.state = state
    var members = IDSet(capacity: graph.count)
    var testable = IDSet(capacity: graph.count)
    for resource in graph.resources where resource.resourceType == .exposure || resource.config.enabled {
      members.insert(resource.graphID)
      if resource.resourceType == .test || resource.resourceType == .unitTest { testable.insert(resource.graphID) }
    }
    self.members = members
    self.testable = testable
  }

  /// All that is selected, of every type.
  public func select(_ spec: SelectionSpec, warnsOfNothing: Bool = true) throws(Diagnostic) -> IDSet {
    try evaluate(spec, warnsOfNothing).direct
  }

  /// What is selected of some types, without models that have no SQL.
  /// - Parameter includesEmpty: keeps nodes whose file is blank (dbt's `ls` does).
  public func select(
    _ spec: SelectionSpec, types: Set<ResourceType>, includesEmpty: Bool = false, warnsOfNothing: Bool = true
  ) throws(Diagnostic) -> IDSet {
    var out = try select(spec, warnsOfNothing: warnsOfNothing)
    for id in out.members {
      let resource = graph[id]
      if !types.contains(resource.resourceType) || (!includesEmpty && isEmpty(resource)) { out.remove(id) }
    }
    return out
  }

  private func isEmpty(_ resource: GraphResource) -> Bool {
    guard let node = resource as? Node, node.resourceType != .seed, node.resourceType != .function else { return false }
    return node.rawCode.allSatisfy(\.isWhitespace)
  }

  // MARK: Sets

  private typealias Outcome = (direct: IDSet, indirect: IDSet)

  private func evaluate(_ spec: SelectionSpec, _ warns: Bool) throws(Diagnostic) -> Outcome {
    switch spec {
    case .criteria(let criteria): return try evaluate(criteria)
    case .union(let group): return try combine(group, warns) { $0.formUnion($1) }
    case .intersection(let group): return try combine(group, warns) { $0.formIntersection($1) }
    case .difference(let group): return try combine(group, warns) { $0.subtract($1) }
    }
  }

  private func combine(
    _ group: SelectionSpec.Group, _ warns: Bool, _ operation: (inout IDSet, IDSet) -> Void
  ) throws(Diagnostic) -> Outcome {
    let none = IDSet(capacity: graph.count)
    var direct = none
    var indirect = none
    for (i, component) in group.components.enumerated() {
      let part = try evaluate(component, warns)
      let both = part.direct.union(part.indirect)
      if i == 0 {
        (direct, indirect) = (part.direct, both)
      } else {
        operation(&direct, part.direct)
        operation(&indirect, both)
      }
    }
    let chosen = incorporate(direct, indirect, group.indirect)
    if let text = group.expects, warns, chosen.isEmpty {
      unmatched.append(text)
    }
    return (chosen, indirect)
  }

  private func evaluate(_ criteria: SelectionCriteria) throws(Diagnostic) -> Outcome {
    let found = try search(criteria)
    var selected = found
    if criteria.childrensParents {
      let below = reach(found, graph.children, nil).union(found)
      selected.formUnion(reach(below, graph.parents, nil).union(below))
    }
    if criteria.parents { selected.formUnion(reach(found, graph.parents, criteria.parentsDepth)) }
    if criteria.children { selected.formUnion(reach(found, graph.children, criteria.childrenDepth)) }
    if criteria.indirect == .empty { return (selected, IDSet(capacity: graph.count)) }
    return expand(selected, criteria.indirect)
  }

  /// Over enabled members only.
  private func reach(_ set: IDSet, _ edges: Adjacency, _ depth: Int?) -> IDSet {
    var found = IDSet(capacity: graph.count)
    var layer = set.members
    var step = 0
    while !layer.isEmpty, depth.map({ step < $0 }) ?? true {
      var next: [Int32] = []
      for id in layer {
        for target in edges[id] where members.contains(target) && found.insert(target) { next.append(target) }
      }
      layer = next
      step += 1
    }
    return found
  }

  // MARK: Tests of what is selected

  /// Adds the tests the mode allows; tests that lack a parent are set aside, as other criteria may bring it.
  private func expand(_ selected: IDSet, _ mode: IndirectSelection) -> Outcome {
    var direct = selected
    var indirect = IDSet(capacity: graph.count)
    var buildable = selected
    if mode == .buildable {
      buildable.formUnion(reach(selected, graph.parents, nil))
      for source in manifest.sources where source.graphID >= 0 { buildable.insert(source.graphID) }
    }
    var candidates = reach(selected, graph.children, 1)
    candidates.formIntersection(testable)
    for test in candidates.members {
      let needs = graph.parents[test]
      if mode == .eager || needs.allSatisfy({ selected.contains($0) }) {
        direct.insert(test)
      } else if mode == .buildable, needs.allSatisfy({ buildable.contains($0) }) {
        direct.insert(test)
      } else {
        indirect.insert(test)
      }
    }
    return (direct, indirect)
  }

  /// After sets are combined: tests that were set aside and have all they need now.
  private func incorporate(_ direct: IDSet, _ indirect: IDSet, _ mode: IndirectSelection) -> IDSet {
    guard mode == .cautious || mode == .buildable, direct != indirect else { return direct }
    var selected = direct
    let enough = mode == .buildable ? direct.union(reach(direct, graph.parents, nil)) : direct
    for id in indirect.members where graph[id] is Node && graph[id].resourceType != .function {
      // In cautious mode what was just taken in counts, as dbt lets it.
      let pool = mode == .cautious ? selected : enough
      if graph.parents[id].allSatisfy({ pool.contains($0) }) { selected.insert(id) }
    }
    return selected
  }

  func addWarnings(_ more: [Diagnostic]) { warnings += more }
}
