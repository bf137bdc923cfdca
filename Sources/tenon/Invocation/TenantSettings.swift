import Compiler
import Manifest
import Project
import Tenants

/// `vars: tenancy:` and `vars: tenants:` of dbt_project.yml.
enum TenantSettings {
  static func of(_ loaded: LoadedProject) throws -> TenancySettings {
    guard let vars = loaded.root.vars, case .dict(let dict) = ConfigValue(vars) else { return TenancySettings() }
    return try of(dict)
  }

  private static func of(_ root: ConfigDict) throws -> TenancySettings {
    var tenancy: [String: String] = [:]
    for entry in root["tenancy"]?.asDict ?? ConfigDict() {
      tenancy[entry.key] = text(entry.value)
    }
    var tenants: [String: [String: String]] = [:]
    for entry in root["tenants"]?.asDict ?? ConfigDict() {
      var fields: [String: String] = [:]
      for field in entry.value.asDict ?? ConfigDict() {
        fields[field.key] = text(field.value)
      }
      tenants[entry.key] = fields
    }
    return try TenancySettings(tenancy: tenancy, tenants: tenants)
  }

  /// A list as one with commas; nil for what is none of these.
  private static func text(_ value: ConfigValue) -> String? {
    if let flag = value.asBool { return flag ? "true" : "false" }
    return value.asStrings?.joined(separator: ",") ?? value.text
  }
}
