import Compiler
import Manifest
import Tenants

/// `vars: tenancy:` and `vars: tenants:` of dbt_project.yml.
enum TenantSettings {
  static func of(_ variables: Variables) throws -> TenancySettings {
    let root = variables.byPackage[variables.rootPackage] ?? ConfigDict()
    var tenancy: [String: String] = [:]
    for entry in root["tenancy"]?.asDict ?? ConfigDict() { if let text = entry.value.asString { tenancy[entry.key] = text } }
    var tenants: [String: [String: String]] = [:]
    for entry in root["tenants"]?.asDict ?? ConfigDict() {
      var fields: [String: String] = [:]
      for field in entry.value.asDict ?? ConfigDict() { if let text = field.value.asString { fields[field.key] = text } }
      tenants[entry.key] = fields
    }
    return try TenancySettings(tenancy: tenancy, tenants: tenants)
  }
}
