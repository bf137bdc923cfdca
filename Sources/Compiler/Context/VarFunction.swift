import Diagnostics
import Jinja
import Manifest

/// `var('name', default)` and `var.has_var('name')`
/// (https://docs.getdbt.com/reference/dbt-jinja-functions/var).
final class VarFunction: HostObject {
  override var typeName: String { "Var" }
  override var isCallable: Bool { true }

  override func call(_ arguments: Arguments, _ interpreter: Interpreter) throws -> Value {
    let a = HostArguments(arguments, function: "var")
    let context = try DbtContext.of(interpreter)
    let name = try a.string(0, "var_name", interpreter) ?? "None"
    if let value = context.overrideVars?[name] { return value.jinja }
    let known = context.project.variables.value(name, package: context.packageName)
    context.reads?.read(variable: name, package: context.packageName, known)
    if let value = known {
      // Jinja in a variable is rendered when the variable is read.
      guard case .string(let text) = value, text.hasJinja else { return value.jinja }
      return .string(try context.project.render(text, name: "vars", context))
    }
    if let fallback = a.optional(1, "default") { return fallback }
    // While parsing a missing variable is not an error yet: the branch that needs it may never be reached.
    if context.capture != nil, !context.requiresVars { return .none }
    throw missing(name, context)
  }

  private func missing(_ name: String, _ context: DbtContext) -> ExecutionError {
    let known = context.project.variables.names(package: context.packageName)
    let owner = context.node.map { " in \($0.resourceType.rawValue) \($0.name)" } ?? ""
    let near = NearestName.of(name, among: known)
    let shown = known.isEmpty ? "{}" : known.sorted().joined(separator: ", ")
    let message = "Required var '\(name)' not found in config\(owner).\nVars supplied to this node: \(shown)"
    return ExecutionError(
      .compilation, message,
      diagnostic: Diagnostic(
        "undefined-var", .compilation, message,
        hint: near.map { "Did you mean '\($0)'?" }
          ?? "Set it under `vars:` in dbt_project.yml, with --vars, or give var() a default."))
  }

  override var methodNames: Set<String> { ["has_var"] }
  override func invoke(_ name: String, _ a: HostArguments, _ interpreter: Interpreter) throws -> Value {
    let context = try DbtContext.of(interpreter)
    let variable = try a.string(0, "var_name", interpreter) ?? "None"
    let known = context.project.variables.value(variable, package: context.packageName)
    context.reads?.read(variable: variable, package: context.packageName, known)
    return .bool(context.overrideVars?[variable] != nil || known != nil)
  }
}

/// The variables of a run: `--vars` before the root project's, before a package's own.
public struct Variables: Sendable {
  /// From the command line (and of the tenant).
  public var commandLine = ConfigDict()
  /// By package, as written under `vars:` of its dbt_project.yml.
  public var byPackage: [String: ConfigDict] = [:]
  public var rootPackage = ""

  public init() {}

  public func value(_ name: String, package: String) -> ConfigValue? {
    if let value = commandLine[name] { return value }
    if let root = byPackage[rootPackage] {
      if case .dict(let scoped)? = root[package], let value = scoped[name] { return value }
      if let value = root[name] { return value }
    }
    guard package != rootPackage, let own = byPackage[package] else { return nil }
    if case .dict(let scoped)? = own[package], let value = scoped[name] { return value }
    return own[name]
  }

  func names(package: String) -> [String] {
    var out = Set(commandLine.keys)
    for owner in [rootPackage, package] {
      guard let vars = byPackage[owner] else { continue }
      for entry in vars where entry.key != package { out.insert(entry.key) }
      if case .dict(let scoped)? = vars[package] { out.formUnion(scoped.keys) }
    }
    return out.sorted()
  }
}

/// `env_var('NAME', default)` (https://docs.getdbt.com/reference/dbt-jinja-functions/env_var).
enum EnvironmentVariables {
  static func value(_ name: String, default fallback: Value?, context: DbtContext) throws -> Value {
    if name.hasPrefix("DBT_ENV_SECRET") {
      throw ExecutionError(
        .parsing,
        "Secret env vars are allowed only in profiles.yml or packages.yml. Found '\(name)' referenced elsewhere.")
    }
    if let value = context.overrideEnv?[name] { return value.jinja }
    let known = context.project.environmentVariable(name)
    context.reads?.read(environment: name, known)
    if let known { return .string(known) }
    if let fallback, !fallback.isNone { return fallback }
    let message = "Env var required but not provided: '\(name)'"
    throw ExecutionError(
      .parsing, message,
      diagnostic: Diagnostic(
        "missing-env-var", .parsing, message, hint: "Set it, or give env_var() a default as its second argument."))
  }
}
