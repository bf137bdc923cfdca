import Diagnostics
import Events
import Jinja
import Manifest

/// The names a template of a dbt project sees in one rendering, and the state behind them.
///
/// Macros come first (a project may replace any function, `ref` included), then variables of this rendering, then
/// dbt's functions. One object a rendering, used by one thread.
public final class DbtContext: ContextProvider, UndefinedPolicy {
  /// Only while parsing does an unknown name answer: a macro may still come, a result can't be known.
  public var answersUndefined: Bool { capture != nil }
  public var makesUndefined: Bool { macroDepth == 0 }
  public func suggestion(for name: String) -> String? {
    NearestName.of(name, among: project.macros.knownNames(from: packageName))
  }

  /// What is being rendered; it decides what `this`, `model` and some functions are.
  public enum Role: Sendable {
    case node
    case hook
    /// `run-operation`, the adapter's own macros, `generate_*_name`.
    case macro
    case unitTest
  }

  public let project: CompiledProject
  public let role: Role
  /// The package whose macros are found without a prefix first.
  public let packageName: String
  public let node: Node?
  /// A source being looked at (freshness), which is no node.
  public let source: SourceDefinition?
  /// False while parsing.
  public let execute: Bool
  public let session: DatabaseSession?
  /// What a parse-time rendering found; nil when executing.
  public let capture: ParseCapture?
  /// Names of this rendering only: `sql`, `compiled_code`, `pre_hooks`, `results`, macros replaced by a unit test.
  public var variables = ContextVariables()
  /// Statements' results by name; a result can be loaded once, except `main`.
  var results: [String: Value] = [:]
  var macroDepth = 0
  /// While a node is compiled, the macros its own code calls are added to those it depends on.
  public var recordsMacros = false
  /// Vars and environment of a unit test, before all others.
  public var overrideVars: ConfigDict?
  public var overrideEnv: ConfigDict?
  /// Macros replaced by a unit test.
  public var overrideMacros: [String: Value] = [:]
  /// How a ref or source resolves in a unit test: unique id to the name of its CTE.
  public var fixtureRelations: [String: Relation]?
  /// The inputs a unit test's model really read, in order.
  public internal(set) var usedFixtures: [String] = []
  /// `this` in a unit test.
  public var thisOverride: Value?
  /// The batch of a microbatch model being run.
  public var batch: (start: String, end: String)?
  /// Filled while compiling: ephemeral models used, in order.
  public var ephemerals: [String] = []
  /// What the rendering reads of its tenant (environment, vars, target), when that is recorded.
  public var reads: TenantReads?

  /// Macros that a generic test being parsed finds by their bare names, in any package.
  var reachableMacros: Set<String> = []

  /// A missing variable is an error although this is parsing: the names that come of it are needed now.
  var requiresVars = false
  private let namespace: MacroNamespace

  public init(
    _ project: CompiledProject, role: Role, package: String, node: Node? = nil, source: SourceDefinition? = nil,
    session: DatabaseSession? = nil, capture: ParseCapture? = nil
  ) {
    self.project = project
    self.role = role
    packageName = package
    self.node = node
    self.source = source
    execute = capture == nil && session != nil
    self.session = session
    self.capture = capture
    namespace = project.macros.namespace(for: package)
    super.init()
  }

  /// The context of a running interpreter.
  static func of(_ interpreter: Interpreter) throws -> DbtContext {
    guard let context = interpreter.host as? DbtContext else {
      throw TemplateError(.runtime, "This function needs a project.")
    }
    return context
  }

  func requireSession() throws -> DatabaseSession {
    guard let session else { throw ExecutionError(.internal, "There is no database connection in this context.") }
    return session
  }

  public override func lookup(_ name: Str) -> Value? {
    if !overrideMacros.isEmpty, let value = overrideMacros[name.string] { return value }
    if let macro = namespace[name] { return macro }
    if let value = variables[name] { return value }
    if let function = ContextFunctions.shared[name] { return function }
    if let property = ContextProperty.named(name) { return value(of: property) }
    // A package is a namespace of its macros: dbt_utils.star.
    let name = name.string
    return project.macros.packageValue(name) ?? reachableMacro(name)
  }

  lazy var adapterValue = Value.object(AdapterValue(self))
  private lazy var modelValue: Value = node.map { .object(NodeValue($0, omitsNulls: true)) } ?? .none
  /// Made anew for each rendering, which may change it.
  private lazy var modulesValue = PythonModules.make()
  lazy var configValue = Value.object(ConfigObject(self))
  private lazy var thisValue: Value = makeThis()

  private func value(of property: ContextProperty) -> Value? {
    if let reads, property.isBound { reads.readWhatIsBound() }
    return switch property {
    case .this: fixtureThis() ?? thisValue
    case .model: source.map { .object(SourceValue($0)) } ?? modelValue
    case .config: configValue
    case .adapter: adapterValue
    case .execute: .bool(execute)
    case .target, .env: project.targetValue
    case .schema: RelationValue.optional(node?.schema ?? project.defaultSchema)
    case .database: RelationValue.optional(node?.database ?? project.adapter.database)
    case .project_name: .string(project.name)
    case .dbt_version: .string(project.dbtVersion)
    case .invocation_id: .string(project.invocationID)
    case .run_started_at: project.runStartedAt
    case .thread_id: .string(ThreadContext.current.name)
    case .flags: project.flagsValue
    case .modules: modulesValue
    case .api: .object(ApiValue())
    case .column: .object(ColumnClass())
    case .exceptions: .object(ExceptionsValue())
    case .builtins: .object(BuiltinsValue(self))
    case .context: .object(ContextValue(self))
    case .graph: execute ? .object(GraphValue(project)) : .dict([:])
    case .selected_resources: .list(project.selectedResources.map { .string($0) })
    case .dbt_metadata_envs: project.metadataEnvironment
    case .invocation_args_dict: project.invocationArguments
    case .validation: .object(ValidationValue())
    case .sql, .compiled_code: node?.compiledCode.map { .string($0) } ?? Value.none
    case .pre_hooks: hooks(node?.config.preHooks)
    case .post_hooks: hooks(node?.config.postHooks)
    case .sql_now: .string("now()")
    case .defer_relation: node.flatMap { project.deferRelation($0) } ?? Value.none
    }
  }

  private func reachableMacro(_ name: String) -> Value? {
    guard !reachableMacros.isEmpty else { return nil }
    return project.macros.named(name).first { reachableMacros.contains($0.uniqueID) }.map { .object($0) }
  }

  private func fixtureThis() -> Value? {
    guard let thisOverride else { return nil }
    if let node, fixtureRelations?[node.uniqueID] != nil { usedFixtures.append(node.uniqueID) }
    return thisOverride
  }

  /// Replaces macros by functions that give fixed values; `package.macro` names one of a package.
  public func override(macros: ConfigDict) {
    var packages: [String: [String: Value]] = [:]
    for entry in macros {
      let value = entry.value
      let function = Value.object(NativeFunction(entry.key) { _, _ in value.jinja })
      let parts = entry.key.split(separator: ".", maxSplits: 1).map(String.init)
      // `invocation_id` and the like are no macros: what stands for them is the value itself.
      if parts.count == 1, let original = lookup(Str.make(entry.key)), !Self.isMacro(original) {
        overrideMacros[entry.key] = value.jinja
        continue
      }
      if parts.count == 2 {
        packages[parts[0], default: [:]][parts[1]] = function
      } else {
        overrideMacros[entry.key] = function
      }
    }
    for (package, functions) in packages {
      overrideMacros[package] = .object(OverriddenPackage(project.macros.packageValue(package), functions))
    }
  }

  private func hooks(_ hooks: [Hook]?) -> Value {
    .list(
      (hooks ?? []).map { hook in
        .dict([
          "sql": .string(hook.sql), "transaction": .bool(hook.transaction),
          "index": hook.index.map { .int($0) } ?? .none,
        ])
      })
  }

  private func makeThis() -> Value {
    if let source { return .object(RelationValue(project.relation(of: source))) }
    guard let node else { return .none }
    if role == .hook { return .none }
    return .object(RelationValue(project.relation(of: node)))
  }

  /// A statement's result by name, as `store_result` kept it.
  public func result(_ name: String) -> Value? { results[name] }

  private static func isMacro(_ value: Value) -> Bool {
    guard case .object(let object) = value else { return false }
    return object.isCallable
  }

  /// Records that a macro was called by the template itself, which makes it a dependency.
  func enter(_ macro: MacroValue) {
    if macroDepth == 0 {
      capture?.macro(macro.uniqueID)
      if recordsMacros { node?.dependsOn.addMacro(macro.uniqueID) }
    }
    macroDepth += 1
  }

  func leave() { macroDepth -= 1 }
}

/// What rendering a file while parsing found out.
public final class ParseCapture {
  public var refs: [RefArgs] = []
  public var sources: [[String]] = []
  public var metrics: [[String]] = []
  public var functions: [[String]] = []
  public var configCalls = ConfigDict()
  /// What each `config()` said, later calls over earlier ones, nothing merged; and how many calls there were.
  public var writtenConfig = ConfigDict()
  public var configCallCount = 0
  /// Unique ids of the docs blocks used.
  public var docs: [String] = []
  public var macros: [String] = []
  /// Lists of config calls are merged by the rules of inheritance; the parser gives them one by one.
  public var onConfig: ((ConfigDict) throws -> Void)?

  public init() {}

  func macro(_ id: String) {
    // A template calls few: a set would cost more.
    if !macros.contains(id) { macros.append(id) }
  }
}

/// A package of macros, some of which a unit test replaces.
private final class OverriddenPackage: HostObject {
  private let package: Value?
  private let functions: [String: Value]
  init(_ package: Value?, _ functions: [String: Value]) {
    self.package = package
    self.functions = functions
  }
  override var typeName: String { "dict" }
  override func property(_ name: String) throws -> Value? {
    // A name that begins with an underscore is no attribute in a sandbox, but still a key.
    if name.hasPrefix("_") { return nil }
    if let function = functions[name] { return function }
    guard case .object(let object)? = package else { return nil }
    return try (object as? HostObject)?.property(name)
  }
  override func item(_ key: Value, _ interpreter: Interpreter) throws -> Value? {
    if case .string(let name) = key, let function = functions[name.string] { return function }
    guard case .object(let object)? = package else { return nil }
    return try object.item(key, interpreter)
  }
}
