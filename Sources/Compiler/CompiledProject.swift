import Diagnostics
import Events
import Files
import Jinja
import Manifest
import Postgres
import Project
import YAML

/// A project as the engine works with it: its macros, its manifest, its target, its variables. Made once for a run (and
/// once for each tenant of a fleet); everything in it but the manifest's compiled parts is fixed after parsing.
public final class CompiledProject: @unchecked Sendable {
  public struct Settings: @unchecked Sendable {
    public var name = ""
    /// Absolute.
    public var root = ""
    public var dbtVersion = "1.11.16"
    public var invocationID = ""
    public var targetPath = "target"
    /// The profile's schema.
    public var defaultSchema = ""
    /// Environment variables as `env_var` sees them.
    public var environment: [String: String] = [:]
    public var variables = Variables()
    /// The project itself and its packages, as templates may look at them.
    public var packages: [PackageDescription] = []
    public var quoting = RelationParts()
    public var startedAt = Timestamp.now()
    /// `target` without what is secret.
    public var target: [(String, ConfigValue)] = []
    /// `flags`.
    public var flags = ConfigDict()
    /// `invocation_args_dict`.
    public var arguments = ConfigDict()
    public var behaviorFlags: [String: Bool] = [:]
    public var printsFromJinja = true
    /// Whether what parsing compiles of nodes' templates is kept for rendering them again.
    public var keepsTemplates = true
    /// `--empty`: refs give no rows.
    public var empty = false
    /// `--sample`, `--event-time-start` and `-end`: from and to, as Python prints datetimes.
    public var sample: (start: String?, end: String?)?
    public var defer_ = false
    public var favorState = false
    public var warn: @Sendable (Event) throws -> Void = { _ in }
    public var storeFailures: Bool?
    public var fullRefresh: Bool?
    public init() {}
  }

  public let settings: Settings
  public let adapter: Adapter
  public let log: EventLog
  public let environment: Environment
  let nativeEnvironment = CompiledProject.makeEnvironment(native: true)
  public let macros: MacroLibrary
  public let manifest = Manifest()
  public internal(set) var lookup: Lookup?
  public private(set) var selectedResources: [String] = []
  /// The same as a set, made when somebody asks.
  private let selected = Locked<Set<String>?>(nil)
  let templates: TemplateCache
  let ephemerals = EphemeralModels()

  public let targetValue: Value
  let flagsValue: Value
  let invocationArguments: Value
  let metadataEnvironment: Value
  let runStartedAt: Value

  init(_ settings: Settings, adapter: Adapter, macros: MacroLibrary, templates: TemplateCache) {
    self.settings = settings
    self.templates = templates
    self.adapter = adapter
    self.macros = macros
    log = adapter.log
    environment = macros.environment
    let target = DictObject()
    for (key, value) in settings.target { target[key] = value.jinja }
    targetValue = .dict(target)
    flagsValue = .object(FlagsValue(settings.flags))
    invocationArguments = ConfigValue.dict(settings.arguments).jinja
    let metadata = DictObject()
    for (name, value) in settings.environment.sorted(by: { $0.key < $1.key })
    where name.hasPrefix("DBT_ENV_CUSTOM_ENV_") {
      metadata[String(name.dropFirst("DBT_ENV_CUSTOM_ENV_".count))] = .string(value)
    }
    metadataEnvironment = .dict(metadata)
    runStartedAt = PythonValues.utc(settings.startedAt)
    for value in [targetValue, flagsValue, invocationArguments, metadataEnvironment, runStartedAt] {
      value.freeze()
    }
    adapter.quoting = settings.quoting
    adapter.runMacro = { [unowned self] name, arguments, session in
      try runMacro(name, Arguments([], keywords: arguments.map { (Str.make($0.0), $0.1) }), session: session)
    }
    adapter.renderComment = { [unowned self] text, session in
      try renderComment(text, session)
    }
  }

  /// The environment that dbt's templates are compiled in: its block tags, typed macro parameters, its undefined.
  /// - Parameter native: for strings of YAML files, whose value keeps its type.
  public static func makeEnvironment(native: Bool = false) -> Environment {
    let environment = Environment()
    environment.undefinedKind = .dbt
    environment.addNativeFilters(native: native)
    environment.allowsTypedParameters = true
    // As dbt names the macros that a model's file defines: a call without the prefix looks for a macro of the project.
    environment.macroPrefix = "dbt_macro__"
    environment.blockTags = [
      BlockTag(
        "materialization",
        header: .options(
          allowed: ["adapter", "default", "supported_languages"],
          parameters: [(name: "supported_languages", defaultValue: { @Sendable in .list([.string("sql")]) })])
      ) { name, options in
        let adapter = options.first { $0.name == "adapter" }?.value.asString
        return "materialization_\(name)_\(adapter ?? "default")"
      },
      BlockTag("test", header: .signature) { name, _ in "test_\(name)" },
      BlockTag("data_test", header: .signature) { name, _ in "test_\(name)" },
    ]
    return environment
  }

  public var name: String { settings.name }
  public var dbtVersion: String { settings.dbtVersion }
  public var invocationID: String { settings.invocationID }
  public var defaultSchema: String { settings.defaultSchema }
  public var variables: Variables { settings.variables }
  public var printsFromJinja: Bool { settings.printsFromJinja }

  /// Whether microbatch models run batch by batch: a strategy macro of the project's own gets everything at once,
  /// unless a flag says that it can take batches.
  public var runsBatches: Bool {
    behaviorFlag(BehaviorFlag.requireBatchedExecution.rawValue) ?? false
      || macros.isBuiltIn(macros.operation("get_incremental_microbatch_sql", package: nil))
  }

  func environmentVariable(_ name: String) -> String? { settings.environment[name] }
  func behaviorFlag(_ name: String) -> Bool? { settings.behaviorFlags[name] }
  public func warn(_ event: Event) throws { try settings.warn(event) }

  /// Chosen for this run; `--favor-state` and `selected_resources` look at it.
  public func select(_ ids: [String]) {
    selectedResources = ids
    selected.withLock { $0 = nil }
  }

  func isSelected(_ id: String) -> Bool {
    selected.withLock { known in
      let set = known ?? Set(selectedResources)
      known = set
      return set.contains(id)
    }
  }

  // MARK: Rendering

  /// A node's template, compiled once. The code of a generic test is made of its entry, and shared with others.
  /// - Parameter file: where the code stands, for its lines' numbers; nil once the project is parsed.
  func template(_ node: Node, in file: ParseFile? = nil) throws -> Template {
    if let known = node.template { return known }
    guard settings.keepsTemplates || node.isGenericTest else { return try compile(node, in: file) }
    // While parsing a node is its parser's alone. Afterwards others may ask for the same one.
    guard file != nil else { return try templates.template(.init(node)) { try compile(node, in: nil) } }
    let made =
      node.isGenericTest || templates.isShared
      ? try templates.template(.init(node)) { try compile(node, in: file) } : try compile(node, in: file)
    node.template = made
    return made
  }

  /// To be said when a node was compiled for the last time: its template gives way to the SQL that came of it.
  public func forgetTemplate(_ node: Node) { node.template = nil }

  private func compile(_ node: Node, in file: ParseFile?) throws -> Template {
    if let file, !node.isGenericTest, node.resourceType != .snapshot, file.isAll(of: node) {
      return try environment.compile(file.source)
    }
    return try environment.compile(
      SourceText(
        name: node.originalFilePath, utf8: Array(node.rawCode.utf8),
        firstLine: file.map { firstLine(node, $0) } ?? 1, isInternal: node.isGenericTest))
  }

  /// The line of a file on which a node's code begins: blank ones before it are left out, and other snapshots.
  private func firstLine(_ node: Node, _ file: ParseFile) -> Int {
    let bytes = file.source.utf8
    guard let first = node.rawCode.utf8.first, node.path == file.path || node.resourceType == .snapshot else {
      return 1
    }
    var start = bytes.firstIndex { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } ?? 0
    if bytes.isEmpty || bytes[start] != first || node.resourceType == .snapshot {
      start = bytes.firstRange(of: Array(node.rawCode.utf8))?.lowerBound ?? 0
    }
    return file.source.position(at: start).line
  }

  /// Renders a text in a context.
  /// - Parameter isInternal: the text was made here, from something in the file of that name.
  public func render(
    _ text: String, name: String, _ context: DbtContext, isInternal: Bool = false
  ) throws -> String {
    guard text.hasJinja else { return text.hasSuffix("\n") ? String(text.dropLast()) : text }
    let source = SourceText(name: name, utf8: Array(text.utf8), isInternal: isInternal)
    return try environment.compile(source).render(context, host: context).string
  }

  /// Renders a string of a properties file to a value.
  func renderNative(_ text: String, name: String, package: String, reads: TenantReads? = nil) throws -> Value {
    let context = DbtContext(self, role: .macro, package: package, capture: ParseCapture())
    context.reads = reads
    return try renderNative(text, name: name, context)
  }

  func renderNative(_ text: String, name: String, _ context: DbtContext) throws -> Value {
    try nativeEnvironment.compileNative(SourceText(name: name, text: text)).renderNative(context, host: context)
  }

  /// A description with `doc()` in it, and the docs blocks it used.
  func renderDescription(_ text: String, package: String) throws -> (String, [String]) {
    let context = DbtContext(self, role: .macro, package: package, capture: ParseCapture())
    let rendered = try render(text, name: "description", context, isInternal: true)
    let tree = try environment.parse(SourceText(name: "description", text: text))
    return (rendered, DocReferences.of(tree, package, lookup))
  }

  /// Calls a macro in a rendering of its own.
  public func run(_ macro: MacroValue, _ arguments: Arguments, _ context: DbtContext) throws -> Value {
    try macro.template().run(arguments, in: environment, context, host: context)
  }

  /// Calls a macro by name for the adapter or a command.
  public func runMacro(
    _ name: String, package: String? = nil, _ arguments: Arguments, session: DatabaseSession, node: Node? = nil
  ) throws -> Value {
    guard let macro = macros.operation(name, package: package) else {
      let known = macros.knownNames(from: self.name)
      let near = NearestName.of(name, among: known)
      throw Diagnostic(
        "unknown-macro", .runtime,
        "dbt could not find a macro with the name \"\(name)\" in any package",
        hint: near.map { "Did you mean '\($0)'?" })
    }
    let context = DbtContext(self, role: .macro, package: package ?? self.name, node: node, session: session)
    return try run(macro, arguments, context)
  }

  private func renderComment(_ text: String, _ session: DatabaseSession) throws -> String {
    let context = DbtContext(
      self, role: .macro, package: name, node: session.nodeID.flatMap { manifest.nodes[$0] }, session: session)
    context.variables["connection_name"] = .string(session.name)
    context.variables["node"] = context.node.map { .object(NodeValue($0)) } ?? Value.none
    // The comment is the body of a macro: its `return()` gives the text.
    do { return try render(text, name: "query-comment", context) } catch let returned as ReturnSignal {
      return returned.value.isNone ? "" : try returned.value.str(nil).string
    }
  }

  /// References in an expression such as `ref('x')`.
  public func references(in expression: String, package: String) throws -> (refs: [RefArgs], sources: [[String]]) {
    let capture = ParseCapture()
    let context = DbtContext(self, role: .macro, package: package, capture: capture)
    _ = try render("{{ \(expression) }}", name: "input", context)
    return (capture.refs, capture.sources)
  }

  /// A model's template for its unit tests.
  public func template(ofTested model: Node) throws -> Template { try template(model) }

  // MARK: Files

  func writeRun(_ node: Node, _ text: String) throws {
    let path = "\(settings.targetPath)/\(NodePaths.target(node, subfolder: "run", suffix: node.batch?.fileSuffix))"
    node.buildPath = path
    try write(text, to: path)
  }

  /// Writes compiled or run SQL under the project.
  public func write(_ text: String, to path: String) throws {
    let path = path.hasPrefix("/") ? path : "\(settings.root)/\(path)"
    do { try FileSystem.overwrite(text, at: path) } catch {
      throw ExecutionError(.runtime, "Could not write '\(path)': \(error.reason)")
    }
  }
}

extension String {
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

/// `flags`: the run's flags by their upper-case names.
final class FlagsValue: HostObject {
  private let flags: ConfigDict
  init(_ flags: ConfigDict) { self.flags = flags }
  override var typeName: String { "Flags" }
  override func property(_ name: String) -> Value? {
    flags[name.lowercased()].map { $0.jinja }
  }
}
