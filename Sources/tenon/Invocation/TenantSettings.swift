import Compiler
import Manifest
import Project
import Tenants

/// `vars: tenancy:` and `vars: tenants:` of dbt_project.yml.
enum TenantSettings {
  static func of(_ variables: Variables) throws -> TenancySettings {
    try of(variables.byPackage[variables.rootPackage] ?? ConfigDict())
  }

  static func of(_ loaded: LoadedProject) throws -> TenancySettings {
    guard let vars = loaded.root.vars, case .dict(let dict) = ConfigValue(vars) else { return TenancySettings() }
    return try of(dict)
  }

  private static func of(_ root: ConfigDict) throws -> TenancySettings {
    var tenancy: [String: String] = [:]
    for entry in root["tenancy"]?.asDict ?? ConfigDict() {
      if let text = entry.value.asString { tenancy[entry.key] = text }
    }
    var tenants: [String: [String: String]] = [:]
    for entry in root["tenants"]?.asDict ?? ConfigDict() {
      var fields: [String: String] = [:]
      for field in entry.value.asDict ?? ConfigDict() {
        if let text = field.value.asString { fields[field.key] = text }
      }
      tenants[entry.key] = fields
    }
    return try TenancySettings(tenancy: tenancy, tenants: tenants)
  }
}
