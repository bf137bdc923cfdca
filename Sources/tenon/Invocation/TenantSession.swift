import Compiler
import Diagnostics
import Postgres
import Tenants

/// A run for a tenant begins with proof that the connection is to that tenant's database.
enum TenantSession {
  static func verify(_ invocation: Invocation, _ project: CompiledProject) throws {
    guard let tenant = invocation.tenant, let loaded = invocation.loaded else { return }
    let configuration = try TenantConfiguration(tenant, settings: invocation.tenancy(loaded))
    guard project.adapter.database == configuration.database else {
      throw Diagnostic(
        "tenant-database", .runtime,
        "The profile's database is '\(project.adapter.database)', but tenant '\(tenant)' has '\(configuration.database)'.",
        hint: "Let profiles.yml name the database as \"{{ env_var('TENANT_NAME') }}_db\".")
    }
  }
}
