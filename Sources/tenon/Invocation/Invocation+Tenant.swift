import Compiler
import Diagnostics
import Jinja
import Manifest
import Postgres
import Project
import Tenants

extension Invocation {
  /// What the passwords of tenants' roles follow from, where it is not the profile's password. Templates cannot read a
  /// variable of this name (only profiles may), and logs never show it.
  var roleKey: Secret? {
    environment["DBT_ENV_SECRET_TENANT_ROLES"].flatMap { $0.isEmpty ? nil : Secret($0) }
  }

  /// The command line's vars, with the tenant among them.
  func variables(_ loaded: LoadedProject) throws -> ConfigDict {
    var variables = ConfigDict()
    if case .dict(let dict) = ConfigValue(loaded.commandLineVars) { variables = dict }
    guard let tenant else { return variables }
    if let other = variables["tenant_name"]?.text, other != tenant.text {
      throw Diagnostic(
        "tenant-var", .usage, "The run is for the tenant '\(tenant)', but --vars say tenant_name: \(other).",
        hint: "Leave tenant_name out of --vars.")
    }
    variables["tenant_name"] = .string(tenant.text)
    return variables
  }

  /// The first thing on every new connection: is this the tenant's database? And from there on, as its role if it has
  /// one.
  ///
  /// Without `--tenant` the environment or a var may say whose run it is; a database that is marked as another's is
  /// refused then, one without a mark is left to the profile.
  func tenantGuard(
    _ loaded: LoadedProject, _ variables: ConfigDict
  ) throws -> (@Sendable (Connection) throws -> ConnectionPool.Login?)? {
    let key = roleKey ?? loaded.profile?.credentials.password
    if let tenant {
      let configuration = try TenantConfiguration(tenant, settings: tenancy(loaded))
      return { try TenantLogin.verify($0, configuration, key: key) }
    }
    guard let claimed = claimedTenant(loaded, variables) else { return nil }
    return { try TenantLogin.verify($0, claimed: claimed, key: key) }
  }

  private func claimedTenant(_ loaded: LoadedProject, _ variables: ConfigDict) -> String? {
    if let name = environment["TENANT_NAME"], !name.isEmpty { return name }
    if let name = variables["tenant_name"]?.text { return name }
    guard let vars = loaded.root.vars, case .dict(let dict) = ConfigValue(vars) else { return nil }
    let own = dict[loaded.root.name]?.asDict?["tenant_name"] ?? dict["tenant_name"]
    return own?.text.flatMap { $0.isEmpty ? nil : $0 }
  }
}
