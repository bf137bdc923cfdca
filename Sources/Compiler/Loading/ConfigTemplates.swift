import Diagnostics
import Jinja
import Manifest
import Project
import YAML

/// Renders strings of dbt_project.yml, profiles.yml, packages.yml and selectors.yml.
public struct ConfigTemplates: ConfigRendererProvider {
  private let environment: [String: String]
  private let templates: Environment

  public init(environment: [String: String]) {
    self.environment = environment
    templates = CompiledProject.makeEnvironment(native: true)
  }

  public func renderer(_ context: ConfigContext) -> any ConfigRenderer {
    ConfigTemplate(context: context, environment: environment, templates: templates)
  }
}

private struct ConfigTemplate: ConfigRenderer {
  let context: ConfigContext
  let environment: [String: String]
  let templates: Environment

  func render(_ text: String, at range: SourceRange) throws(Diagnostic) -> YAMLValue {
    let names = ConfigNames(context, environment)
    do {
      let template = try templates.compileNative(SourceText(name: range.source.name, text: text))
      let value = names.revealed(try template.renderNative(names, host: names))
      return try PythonValues.yaml(value, sortKeys: false)
    } catch {
      var diagnostic = ExecutionError(any: error).asDiagnostic
      diagnostic.range = range
      throw diagnostic
    }
  }
}

/// The few names those files know: `env_var`, `var`, `target`, and dbt's plain functions.
private final class ConfigNames: ContextProvider {
  private let context: ConfigContext
  private let environment: [String: String]
  private var secrets: Set<String> = []

  init(_ context: ConfigContext, _ environment: [String: String]) {
    self.context = context
    self.environment = environment
  }

  private var vars: YAMLValue {
    switch context {
    case .profile(let vars), .packages(let vars), .project(_, let vars, _): vars
    }
  }

  private var allowsSecrets: Bool { if case .project = context { false } else { true } }

  /// Stands for a secret while a template runs: no filter gets to see it, so that no part of it shows up anywhere.
  private static func placeholder(_ name: String) -> String { "$$$DBT_SECRET_START$$$\(name)$$$DBT_SECRET_END$$$" }

  /// What a template gave, with the secrets it asked for.
  func revealed(_ value: Value) -> Value {
    guard !secrets.isEmpty, case .string(let text) = value else { return value }
    var out = text.string
    for name in secrets { out = out.replacing(Self.placeholder(name), with: environment[name] ?? "") }
    return .string(out)
  }

  override func lookup(_ name: Str) -> Value? {
    switch name.string {
    case "env_var":
      return .object(
        NativeFunction("env_var") { [self] arguments, r in
          let a = HostArguments(arguments, function: "env_var")
          let name = try a.string(0, "var", r) ?? ""
          if !allowsSecrets, name.hasPrefix("DBT_ENV_SECRET") {
            throw ExecutionError(
              .parsing,
              "Secret env vars are allowed only in profiles.yml or packages.yml. Found '\(name)' referenced elsewhere.")
          }
          if let value = environment[name] {
            guard name.hasPrefix("DBT_ENV_SECRET") else { return .string(value) }
            secrets.insert(name)
            return .string(Self.placeholder(name))
          }
          if let fallback = a.optional(1, "default") { return fallback }
          throw ExecutionError(.parsing, "Env var required but not provided: '\(name)'")
        })
    case "var":
      return .object(
        NativeFunction("var") { [self] arguments, r in
          let a = HostArguments(arguments, function: "var")
          let name = try a.string(0, "var_name", r) ?? ""
          if let value = vars[name] { return ConfigValue(value).jinja }
          if let fallback = a.optional(1, "default") { return fallback }
          if case .project(_, _, let required) = context, !required { return .none }
          throw ExecutionError(
            .compilation, "Required var '\(name)' not found in config:\nVars supplied to <Configuration> = {}")
        })
    case "target":
      guard case .project(let profile, _, _) = context else { return nil }
      guard let profile else { return .object(UnknownTarget()) }
      let dict = DictObject()
      for (key, value) in profile.target { dict[key] = ConfigValue(value).jinja }
      return .dict(dict)
    case "dbt_version": return .string("1.11.16")
    case "modules", "tojson", "fromjson", "toyaml", "fromyaml", "set", "zip", "local_md5", "return":
      return ContextFunctions.shared[name]
    default: return nil
    }
  }
}

/// `target` where a command has no profile (`deps`): an empty dict, but all that is asked of it by name is an empty
/// string.
private final class UnknownTarget: HostObject {
  override var typeName: String { "DictDefaultEmptyStr" }
  override var isTrue: Bool { false }
  override var isMapping: Bool { true }
  override var length: Int? { 0 }
  override func contains(_ member: Value, _ interpreter: Interpreter) -> Bool? { false }
  override func iterate(_ interpreter: Interpreter) -> ValueIterator? { ArrayIterator([]) }
  override func property(_ name: String) -> Value? { methodNames.contains(name) ? nil : .string("") }
  override var methodNames: Set<String> { ["get", "keys", "values", "items"] }
  override func invoke(_ name: String, _ a: HostArguments, _ r: Interpreter) -> Value {
    name == "get" ? a.optional(1, "default") ?? .none : .list([])
  }
}
