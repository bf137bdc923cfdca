import Diagnostics
import Events
import Jinja
import Manifest
import Project
import YAML

/// Turns a project's files into a manifest: macros first, then what properties files say, then every file with SQL in
/// parallel, generic tests, and last the references between them.
public final class ProjectParser: @unchecked Sendable {
  let project: CompiledProject
  let resolver: ConfigResolver
  let packages: [ParsePackage]
  let options: Options
  /// What other tenants have parsed already; nil when one project is parsed alone.
  let memo: ParseMemo?
  var problems: [Diagnostic] = []
  /// Files that are no nodes because something is wrong in them; what refers to them is not wrong for that.
  var unreadable: Set<String> = []
  var warnings: [Event] = []

  /// What the command line and dbt_project.yml's flags say of parsing.
  public struct Options: Sendable {
    public var dependencySearchesPackageFirst = false
    public var restrictedPackages: Set<String> = []
    public var genericTestArguments = true
    public var uniqueResourceNames = false
    public var namesWithoutSpaces = true
    public var validatesMacroArguments = false
    /// With `--debug`: each of many alike is told of.
    public var listsAllProblems = false
    /// Configuration is kept for comparisons as it was written, wherever it stands.
    public var comparesUnrendered = false
    public var startedAt: Double = 0
    /// Each package's dbt_project.yml, to point at what is wrong in it.
    public var projectFiles: [String: YAMLNode] = [:]
    public init() {}
  }

  /// Properties by top-level key.
  var patches: [Patch] = []
  /// By package, key and name.
  var patchIndex: [PatchKey: Patch] = [:]
  /// Files of versioned models by package and file name.
  var versionFiles: [PatchKey: VersionOf] = [:]
  var entries: [PropertyEntry] = []
  let testMacros = TestMacros()

  struct PatchKey: Hashable {
    var package: String
    var key: String
    var name: String
  }

  /// - Parameter problems: what was found before, to be told together with what this finds.
  init(
    _ project: CompiledProject, resolver: ConfigResolver, packages: [ParsePackage], options: Options,
    memo: ParseMemo? = nil, problems: [Diagnostic] = []
  ) {
    self.memo = memo
    self.problems = problems
    self.project = project
    self.resolver = resolver
    self.packages = packages
    self.options = options
  }

  /// Parses everything into `project.manifest`. Throws `Diagnostics` with all errors found together.
  public func parse() throws {
    let manifest = project.manifest
    parseDocs(manifest)
    readProperties()
    // Without all macros and properties nobody knows what there is.
    let isWhole = !hasErrors
    var nodes = parseFiles()
    nodes += parseYAMLSnapshots()
    applyForeignPatches(&nodes)
    // Versions come after other nodes, in the order of the properties that make them versions.
    for node in nodes where node.version == nil { place(node, manifest) }
    for node in inPropertiesOrder(nodes.filter { $0.version != nil }) { place(node, manifest) }
    parseHooks(manifest)
    if !isWhole { try stopOnProblems() }

    let overrides = SourceOverrides(takingFrom: &entries)
    problems += overrides.problems
    if let unused = overrides.unused { problems.append(unused) }
    parseEntries(manifest)
    if hasErrors { problems += missing(manifest) }
    try stopOnProblems()
    parseGenericTests(manifest)
    applySingularTestPatches(manifest)
    warnUnusedPatches()
    try stopOnProblems()
    let lookup = Lookup(
      manifest, rootProject: project.name, searchesNodePackageFirst: options.dependencySearchesPackageFirst)
    project.lookup = lookup
    renderDescriptions(manifest)
    problems += UnitTestResolver(lookup).resolve(manifest)
    problems += DependencyResolver(lookup, restrictedPackages: options.restrictedPackages).resolve(manifest)
    problems += check(manifest)
    ManifestChecks.inferPrimaryKeys(manifest)
    let severe = problems.filter { $0.severity == .error }
    for warning in problems where warning.severity != .error {
      warnings.append(.warning(warning))
    }
    if !severe.isEmpty { throw Diagnostics(severe) }
  }

  private func check(_ manifest: Manifest) -> [Diagnostic] {
    let (options, runsBatches, quote) = (options, project.runsBatches, project.settings.quoting)
    return ManifestChecks.together([
      { ManifestChecks.groupsAndAccess(manifest) },
      { ManifestChecks.snapshots(manifest) },
      { ManifestChecks.deprecations(manifest) },
      { runsBatches ? ManifestChecks.microbatch(manifest) : ManifestChecks.microbatchMacro(manifest) },
      {
        ManifestChecks.namesWithSpaces(
          manifest, areErrors: options.namesWithoutSpaces, listsAll: options.listsAllProblems)
      },
      { ManifestChecks.unenforcedConstraints(manifest) },
      { ManifestChecks.freshness(manifest) },
      {
        ManifestChecks.uniqueness(
          manifest,
          quoting: Quoting(database: quote.database, schema: quote.schema, identifier: quote.identifier),
          namesMustDiffer: options.uniqueResourceNames)
      },
    ])
  }

  private func inPropertiesOrder(_ versions: [Node]) -> [Node] {
    if versions.isEmpty { return [] }
    var rank: [String: Int] = [:]
    for patch in patches where patch.key == "models" {
      for version in patch.versions {
        rank[UniqueID.versionedModel(package: patch.package, name: patch.name, version: version.version)] = rank.count
      }
    }
    return versions.enumerated().sorted {
      (rank[$0.element.uniqueID] ?? 0, $0.offset) < (rank[$1.element.uniqueID] ?? 0, $1.offset)
    }.map(\.element)
  }

  private var hasErrors: Bool { problems.contains { $0.severity == .error } }

  private func stopOnProblems() throws {
    let severe = problems.filter { $0.severity == .error }
    if !severe.isEmpty { throw Diagnostics(severe) }
  }

  /// References to what is certainly not there, when other things are wrong too.
  private func missing(_ manifest: Manifest) -> [Diagnostic] {
    let lookup = Lookup(
      manifest, rootProject: project.name, searchesNodePackageFirst: options.dependencySearchesPackageFirst)
    let resolver = DependencyResolver(lookup, restrictedPackages: options.restrictedPackages)
    for node in manifest.nodes { node.refs.removeAll { unreadable.contains($0.name) } }
    return resolver.resolve(manifest).filter { $0.code == "unknown-ref" || $0.code == "unknown-source" }
  }

  /// Adds a node where it belongs: enabled ones to the graph, others to the disabled.
  func place(_ node: Node, _ manifest: Manifest) {
    guard node.config.enabled else {
      manifest.disabled.add(node)
      return
    }
    let taken = node.resourceType == .function ? manifest.functions.add(node) : manifest.nodes.add(node)
    if let taken { problems.append(ManifestChecks.duplicate(taken, node)) }
  }

  func report(_ error: any Error, in source: SourceText? = nil, range: SourceRange? = nil) {
    switch error {
    case let error as Diagnostics: problems += error.all
    default:
      var diagnostic = ExecutionError(any: error).asDiagnostic
      if diagnostic.range == nil { diagnostic.range = range }
      if diagnostic.range == nil, let source {
        diagnostic.range = SourceRange(source: source, offsets: 0..<0)
      }
      problems.append(diagnostic)
    }
  }

  private func warnUnusedPatches() {
    for patch in patches where !patch.used && patch.key != "macros" {
      warnings.append(
        .warning(
          "NoNodeForYamlKey", "I058",
          "Did not find matching node for patch with name '\(patch.name)' in the '\(patch.key)' section of file "
            + "'\(patch.file.originalPath)'"))
    }
    for patch in patches where !patch.used && patch.key == "macros" {
      warnings.append(
        .warning("MacroNotFoundForPatch", "I059", "Found patch for macro \"\(patch.name)\" which was not found"))
    }
  }
}
