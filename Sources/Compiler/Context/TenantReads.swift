import Manifest

/// What a rendering read that may differ from tenant to tenant, with the values it found: where they are the same, the
/// rendering gives the same.
///
/// Filled by one thread while parsing, only read afterwards.
public final class TenantReads: @unchecked Sendable {
  struct Variable: Hashable {
    let name: String
    /// The package it was read from, whose own value it may be.
    let package: String
  }

  private(set) var environment: [String: String?] = [:]
  private(set) var variables: [Variable: ConfigValue?] = [:]
  /// It read what is never the same twice: the target, the relation being built, the invocation.
  public private(set) var isBound = false

  public init() {}

  public var isEmpty: Bool { environment.isEmpty && variables.isEmpty && !isBound }

  func read(environment name: String, _ value: String?) { environment[name] = .some(value) }

  func read(variable name: String, package: String, _ value: ConfigValue?) {
    variables[Variable(name: name, package: package)] = .some(value)
  }

  func readWhatIsBound() { isBound = true }

  func merge(_ other: TenantReads?) {
    guard let other else { return }
    environment.merge(other.environment) { $1 }
    variables.merge(other.variables) { $1 }
    isBound = isBound || other.isBound
  }

  /// Whether a rendering for this project would read the same.
  func areSame(for project: CompiledProject) -> Bool {
    if isBound { return false }
    for (name, value) in environment where project.environmentVariable(name) != value { return false }
    for (variable, value) in variables
    where project.variables.value(variable.name, package: variable.package) != value { return false }
    return true
  }
}
