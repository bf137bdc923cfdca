import Jinja
import Manifest
import Project

/// What templates may know of one package's dbt_project.yml, as `ref.config.dependencies` gives it.
public struct PackageDescription: Sendable {
  public var name: String
  public var version: String?
  public var root: String
  public var profileName: String?
  public var variables: ConfigDict
  /// `model_paths`, `target_path`, … by the names dbt has for them.
  public var paths: [(String, ConfigValue)]

  init(_ config: ProjectConfig) {
    name = config.name
    version = config.version
    root = config.root
    profileName = config.profileName
    variables = config.vars.flatMap { ConfigValue($0).asDict } ?? ConfigDict()
    let folders = config.paths
    paths = [
      ("model_paths", .strings(folders.models)), ("macro_paths", .strings(folders.macros)),
      ("seed_paths", .strings(folders.seeds)), ("test_paths", .strings(folders.tests)),
      ("analysis_paths", .strings(folders.analyses)), ("snapshot_paths", .strings(folders.snapshots)),
      ("docs_paths", .strings(folders.docs)), ("asset_paths", .strings(folders.assets)),
      ("target_path", .string(config.targetPath)), ("log_path", .string(config.logPath)),
      ("packages_install_path", .string(config.packagesInstallPath)),
    ]
  }
}

/// `adapter.config`, `builtins.ref.config` and the values of its `dependencies`: a project with its target. Passwords
/// are not in it.
final class RuntimeConfigValue: HostObject {
  private let project: CompiledProject
  private let package: PackageDescription
  private let reads: TenantReads?

  init(_ project: CompiledProject, _ package: PackageDescription, reads: TenantReads?) {
    self.project = project
    self.package = package
    self.reads = reads
  }

  /// The project that a template is rendered for; nil when nothing is known of it.
  static func root(_ context: DbtContext) -> Value {
    let settings = context.project.settings
    guard let root = settings.packages.first(where: { $0.name == settings.name }) else { return .none }
    return .object(RuntimeConfigValue(context.project, root, reads: context.reads))
  }

  override var typeName: String { "RuntimeConfig" }

  override func property(_ name: String) -> Value? {
    switch name {
    case "project_name": return .string(package.name)
    case "version": return package.version.map { .string($0) } ?? Value.none
    case "project_root": return bound(.string(package.root))
    case "profile_name": return .string(project.adapter.profileName)
    case "target_name": return bound(.string(project.adapter.targetName))
    case "credentials": return bound(project.targetValue)
    case "threads": return bound(project.targetValue.asDict?["threads"] ?? .none)
    case "args": return bound(project.invocationArguments)
    case "cli_vars": return bound(ConfigValue.dict(project.variables.commandLine).jinja)
    case "vars": return .object(VariablesValue(package.variables))
    case "quoting": return quoting
    case "dependencies": return dependencies
    default: return package.paths.first { $0.0 == name }?.1.jinja
    }
  }

  /// What differs from tenant to tenant.
  private func bound(_ value: Value) -> Value {
    reads?.readWhatIsBound()
    return value
  }

  private var quoting: Value {
    let quoting = project.settings.quoting
    return .dict([
      "database": .bool(quoting.database), "schema": .bool(quoting.schema), "identifier": .bool(quoting.identifier),
    ])
  }

  private var dependencies: Value {
    let out = DictObject()
    for package in project.settings.packages {
      out[package.name] = .object(RuntimeConfigValue(project, package, reads: reads))
    }
    return .dict(out)
  }
}

/// `config.vars`: a package's variables as its dbt_project.yml has them.
private final class VariablesValue: HostObject {
  private let variables: ConfigDict
  init(_ variables: ConfigDict) { self.variables = variables }
  override var typeName: String { "VarProvider" }
  override func property(_ name: String) -> Value? { name == "vars" ? ConfigValue.dict(variables).jinja : nil }
  override var methodNames: Set<String> { ["to_dict"] }
  override func invoke(_ name: String, _ a: HostArguments, _ r: Interpreter) -> Value {
    ConfigValue.dict(variables).jinja
  }
}

/// `ref` and `source`: functions that also know the project they resolve in (`builtins.ref.config`).
final class ResolverFunction: Object {
  private let name: String
  private let body: NativeFunction.Body

  init(_ name: String, _ body: @escaping NativeFunction.Body) {
    self.name = name
    self.body = body
  }

  override var typeName: String { "\(name.capitalizedFirst)Resolver" }
  override var isCallable: Bool { true }
  override func call(_ arguments: Arguments, _ interpreter: Interpreter) throws -> Value {
    try body(arguments, interpreter)
  }

  override func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? {
    let context = try DbtContext.of(interpreter)
    switch name.string {
    case "config": return RuntimeConfigValue.root(context)
    case "current_project": return .string(context.project.name)
    case "model": return context.node.map { .object(NodeValue($0)) } ?? Value.none
    case "db_wrapper": return context.adapterValue
    case "Relation": return .object(RelationClass())
    case "__name__": return .string(self.name)
    default: return nil
    }
  }
}
