import Compiler
import Diagnostics
import Events
import Manifest
import Project

/// What a command's selection options mean on a project.
struct Selection {
  let invocation: Invocation
  let project: CompiledProject
  let graph: Graph

  init(_ invocation: Invocation, _ project: CompiledProject) throws {
    self.invocation = invocation
    self.project = project
    graph = try Graph(project.manifest)
    try graph.requireAcyclic()
  }

  /// dbt's events of what the comparison with a state warns of.
  private static let comparisonEvents = [
    "seed-increased": ("SeedIncreased", "I052"), "seed-same-path": ("SeedExceedsLimitSamePath", "I053"),
    "seed-path-changed": ("SeedExceedsLimitAndPathChanged", "I054"),
    "unversioned-breaking-change": ("UnversionedBreakingChange", "I071"),
  ]

  private static let names: [String: [ResourceType]] = [
    "model": [.model], "seed": [.seed], "snapshot": [.snapshot], "test": [.test], "unit_test": [.unitTest],
    "source": [.source], "exposure": [.exposure], "analysis": [.analysis], "metric": [.metric],
    "semantic_model": [.semanticModel], "saved_query": [.savedQuery], "function": [.function],
    "all": [
      .model, .seed, .snapshot, .test, .unitTest, .source, .exposure, .analysis, .metric, .semanticModel, .savedQuery,
      .function,
    ],
    "default": [
      .model, .seed, .snapshot, .test, .unitTest, .source, .exposure, .metric, .semanticModel, .savedQuery, .function,
    ],
  ]

  /// The types of `--resource-type` and `--exclude-resource-type`, within what the command can run.
  static func types(_ options: SelectionOptions, _ flags: Flags, of command: Set<ResourceType>) throws -> Set<
    ResourceType
  > {
    var types = command
    let included = options.resourceTypes.isEmpty ? flags.resourceTypes : options.resourceTypes
    let excluded = options.excludedResourceTypes.isEmpty ? flags.excludedResourceTypes : options.excludedResourceTypes
    func resolve(_ words: [String]) throws -> Set<ResourceType> {
      var out: Set<ResourceType> = []
      // One word may hold several: --resource-type "test model".
      for word in words.flatMap({ $0.split(separator: " ").map(String.init) }) {
        guard let found = names[word] else {
          throw Diagnostic(
            "resource-type", .usage,
            "Invalid value for '--resource-type': '\(word)' is not one of "
              + names.keys.sorted().map { "'\($0)'" }.joined(separator: ", "),
            hint: NearestName.of(word, among: names.keys).map { "Did you mean '\($0)'?" })
        }
        out.formUnion(found)
      }
      return out
    }
    if !included.isEmpty { types = try resolve(included).intersection(command) }
    types.subtract(try resolve(excluded))
    return types
  }

  /// The place in the graph of a node that a command before this one named.
  func known(_ id: String) throws -> Int32 {
    if let index = graph.id(of: id) { return index }
    let type = id.split(separator: ".").first.map(String.init) ?? "resource"
    throw Diagnostic(
      "unknown-node", .runtime, "Couldn't find \(type) '\(id)', which is to be run again",
      hint: "It was removed, renamed or disabled since: give the whole command instead.")
  }

  func select(
    _ options: SelectionOptions, types: Set<ResourceType>, includesEmpty: Bool = false
  ) throws -> IDSet {
    let word = options.indirectSelection ?? invocation.flags.indirectSelection.rawValue
    guard let indirect = IndirectMode(rawValue: word) else {
      throw Diagnostic(
        "indirect-selection", .usage, "Invalid value for '--indirect-selection': '\(word)'",
        hint: "The modes are eager, cautious, buildable and empty.")
    }
    let definitions = try SelectorDefinitions(
      invocation.loaded?.root.selectors.map { ConfigValue($0.normalized) } ?? [], indirect: indirect)
    let chosen = options.chosen
    let spec: SelectionSpec
    if let selector = options.selector {
      spec = try definitions.selector(selector)
    } else if chosen.isEmpty, options.exclude.isEmpty, let standard = definitions.defaultSelector {
      invocation.log.emit(
        Event(
          "DefaultSelector", "Q023", .info, "Using default selector \(standard.name)",
          data: [("name", .string(standard.name))]))
      spec = standard.spec
    } else {
      spec = try SelectionParser.parse(
        select: chosen.isEmpty ? nil : chosen, exclude: options.exclude.isEmpty ? nil : options.exclude,
        indirect: indirect)
    }
    let selector = NodeSelector(
      graph: graph, manifest: project.manifest, projectRoot: project.settings.root,
      state: try PreviousRun.load(invocation))
    selector.comparesUnrendered = invocation.flags[.stateModifiedCompareMoreUnrenderedValues]
    let selected = try selector.select(spec, types: types, includesEmpty: includesEmpty)
    for text in selector.unmatched { try invocation.warn(.noNodesForSelectionCriteria(text)) }
    for warning in selector.warnings {
      guard let (name, code) = Self.comparisonEvents[warning.code] else { continue }
      try invocation.warn(.warning(name, code, warning.message))
    }
    return selected
  }
}
